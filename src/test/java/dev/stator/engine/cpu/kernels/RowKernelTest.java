package dev.stator.engine.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// The row kernels against the formulae in double.
class RowKernelTest {
    private static final double ROUNDING = 3e-7;
    private static final int SIZE = 21;

    private final RowKernel kernel = Kernels.SCALAR.rows();

    @Test
    void exponentialIsWithinTwoUnitsInTheLastPlace() {
        for (float x = -87; x < 88; x += 0.01f) {
            double exact = Math.exp(x);
            assertThat(ScalarRows.exp(x))
                    .isCloseTo((float) exact, within(2 * Math.ulp((float) exact)));
        }
    }

    @Test
    void exponentialIsClampedToFiniteNumbers() {
        assertThat(ScalarRows.exp(Float.NEGATIVE_INFINITY)).isPositive().isLessThan(1e-37f);
        assertThat(ScalarRows.exp(Float.POSITIVE_INFINITY)).isGreaterThan(1e38f).isFinite();
        assertThat(ScalarRows.exp(Float.NaN)).isNaN();
    }

    @Test
    void softmaxWeighsScoresAndZerosTheRest() {
        float[] scores = new float[2 * SIZE];
        double sum = 0;
        for (int i = 0; i < SIZE; i++) {
            scores[i] = i % 7 - 3;
            sum += Math.exp(0.5 * (scores[i] - 3));
        }
        float[] weights = scores.clone();

        float factor = kernel.softmax(new Rows(weights, 0, 2 * SIZE), SIZE, 2 * SIZE, 0.5f);

        assertThat((double) factor).isCloseTo(1 / sum, within(ROUNDING));
        for (int i = 0; i < SIZE; i++) {
            double expected = Math.exp(0.5 * (scores[i] - 3));
            assertThat((double) weights[i]).isCloseTo(expected, within(ROUNDING));
            assertThat(weights[SIZE + i]).isZero();
        }
    }

    @Test
    void normDividesByTheRootMeanSquare() {
        float[] x = new float[SIZE];
        float[] weight = new float[SIZE];
        double squares = 0;
        for (int i = 0; i < SIZE; i++) {
            x[i] = i - 4;
            weight[i] = 1 + i / 10f;
            squares += x[i] * (double) x[i];
        }
        float[] y = new float[SIZE];

        kernel.rmsNorm(new Rows(x, 0, SIZE), weight, 1e-5, new Rows(y, 0, SIZE));

        for (int i = 0; i < SIZE; i++) {
            double expected = x[i] / Math.sqrt(squares / SIZE + 1e-5) * weight[i];
            assertThat((double) y[i]).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void gateIsASigmoidLinearUnit() {
        float[] data = {-90, -1, 0, 2, 90, 3, 3, 3, 3, 3};

        kernel.swiGlu(new Rows(data, 0, 0), new Rows(data, 5, 0), 5, new Rows(data, 0, 0));

        assertThat((double) data[0]).isCloseTo(0, within(1e-30));
        assertThat((double) data[1]).isCloseTo(-3 / (1 + Math.E), within(ROUNDING));
        assertThat(data[2]).isZero();
        assertThat((double) data[3]).isCloseTo(6 / (1 + Math.exp(-2)), within(2e-6));
        assertThat(data[4]).isEqualTo(270);
    }
}
