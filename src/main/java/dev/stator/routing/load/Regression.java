package dev.stator.routing.load;

import java.util.Arrays;

/// Learns non-negative weights `w` of `y = w · x` from one observation after the other. Not
/// thread-safe.
///
/// Recursive least squares on relative errors (each observation is divided by its prediction), with
/// exponential forgetting. What is forgotten is bounded: the covariance never exceeds the one it
/// began with, so a weight that no observation speaks about stays as it is. After a few
/// observations a value is believed only within a factor of the prediction, so that one stalled
/// request does not teach nonsense.
final class Regression {
    private static final double PRIOR_DOUBT = 9; // the prior may be wrong threefold
    private static final double MEMORY = 0.998; // an observation's weight after the next one
    private static final int TRUSTING_OBSERVATIONS = 16;
    private static final double BELIEVED_FACTOR = 8;
    private static final double NOISE = 0.05; // variance of the relative error of an observation
    private static final double LEAST = 1e-3; // of the prior; keeps every prediction positive

    private final double[] weights;
    private final double[] least;
    private final double[][] covariance;
    private final double[] doubt; // the diagonal that the covariance began with
    private long observations;

    /// @param prior weights to begin with, positive
    Regression(double... prior) {
        weights = prior.clone();
        covariance = new double[prior.length][prior.length];
        doubt = new double[prior.length];
        least = new double[prior.length];
        for (int i = 0; i < prior.length; i++) {
            least[i] = LEAST * prior[i];
            doubt[i] = PRIOR_DOUBT * prior[i] * prior[i];
            covariance[i][i] = doubt[i];
        }
    }

    double predict(double... x) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += weights[i] * x[i];
        }
        return sum;
    }

    /// @param y what was measured, finite and at least 0
    /// @param x at least 0, one of them positive
    void observe(double y, double... x) {
        double predicted = predict(x);
        double believed =
                ++observations > TRUSTING_OBSERVATIONS
                        ? Math.min(y, predicted * BELIEVED_FACTOR)
                        : y;
        double[] gain = new double[x.length];
        double innovation = NOISE;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x.length; j++) {
                gain[i] += covariance[i][j] * x[j] / predicted;
            }
            innovation += gain[i] * x[i] / predicted;
        }
        double error = (believed - predicted) / predicted;
        for (int i = 0; i < x.length; i++) {
            weights[i] += gain[i] / innovation * error;
        }
        shrink(gain, innovation);
        keepPositive();
    }

    /// Brings weights that went too low back to the least they may be, and the others to where they
    /// are most likely then: what one is put above its estimate, others fall short of where
    /// observations could not tell them apart. Clipping alone would let those run away.
    private void keepPositive() {
        double[][] given = covariance; // of the others, given those at their least
        for (int low = lowest(); low >= 0; low = lowest()) {
            double missing = least[low] - weights[low];
            double[] column = given[low].clone();
            given = copy(given);
            for (int i = 0; i < weights.length && column[low] > 0; i++) {
                weights[i] += column[i] / column[low] * missing;
                for (int j = 0; j < weights.length; j++) {
                    given[i][j] -= column[i] * column[j] / column[low];
                }
            }
            weights[low] = least[low];
            Arrays.fill(given[low], 0);
        }
    }

    /// A weight that is too low, or -1.
    private int lowest() {
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] < least[i]) {
                return i;
            }
        }
        return -1;
    }

    private static double[][] copy(double[][] matrix) {
        return Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
    }

    private void shrink(double[] gain, double innovation) {
        double growth = 1 / MEMORY;
        for (int i = 0; i < gain.length; i++) {
            double variance = covariance[i][i] - gain[i] * gain[i] / innovation;
            growth = Math.min(growth, Math.max(1, doubt[i] / Math.max(variance, 1e-300)));
        }
        for (int i = 0; i < gain.length; i++) {
            for (int j = 0; j < gain.length; j++) {
                double reduced = covariance[i][j] - gain[i] * gain[j] / innovation;
                covariance[i][j] = reduced * growth;
            }
        }
    }

    double weight(int index) {
        return weights[index];
    }

    long observations() {
        return observations;
    }
}
