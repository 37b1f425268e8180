package dev.stator.routing;

import java.util.random.RandomGenerator;

/// Selects one of several priced workers by the rule of the mode. Not thread-safe.
final class WorkerSelector {
    private final RoutingMode mode;
    private final RandomGenerator random;
    private long turns;

    WorkerSelector(RoutingMode mode, RandomGenerator random) {
        this.mode = mode;
        this.random = random;
    }

    /// The index of the selected worker. `costs` and `requests` run in parallel and are not empty.
    ///
    /// @param costs what is compared by: prices in the mode `kv`, those of `DeviceGroups` in
    ///     `device-aware-weighted`
    /// @param requests that each of them runs
    /// @param temperature 0 selects the cheapest; higher values spread
    int select(double[] costs, int[] requests, double temperature) {
        return switch (mode) {
            case KV -> temperature == 0 ? cheapest(costs, requests) : draw(costs, temperature);
            case DEVICE_AWARE_WEIGHTED -> cheapest(costs, requests);
            case ROUND_ROBIN -> (int) (turns++ % costs.length);
            case RANDOM -> random.nextInt(costs.length);
            case POWER_OF_TWO -> lessLoadedOfTwo(requests);
            case LEAST_LOADED, DIRECT -> cheapest(new double[requests.length], requests);
        };
    }

    /// The lowest cost, of equal ones the fewest active requests; what is equal then is equally
    /// likely. Dynamo draws among equal costs at once, which may pick the busy one of two workers
    /// for a prompt shorter than a block.
    private int cheapest(double[] costs, int[] requests) {
        int best = 0;
        int equals = 1;
        for (int i = 1; i < costs.length; i++) {
            int order = Double.compare(costs[i], costs[best]);
            if (order == 0) {
                order = Integer.compare(requests[i], requests[best]);
            }
            if (order < 0) {
                best = i;
                equals = 1;
            } else if (order == 0 && random.nextInt(++equals) == 0) {
                best = i;
            }
        }
        return best;
    }

    /// Draws with probabilities proportional to exp(-(cost - min) / ((max - min) · temperature)).
    private int draw(double[] costs, double temperature) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double cost : costs) {
            min = Math.min(min, cost);
            max = Math.max(max, cost);
        }
        if (min == max) {
            return random.nextInt(costs.length);
        }
        double scale = (max - min) * temperature;
        double sum = 0;
        for (double cost : costs) {
            sum += Math.exp((min - cost) / scale);
        }
        double left = random.nextDouble() * sum;
        for (int i = 0; i < costs.length - 1; i++) {
            left -= Math.exp((min - costs[i]) / scale);
            if (left < 0) {
                return i;
            }
        }
        return costs.length - 1;
    }

    private int lessLoadedOfTwo(int[] requests) {
        int first = random.nextInt(requests.length);
        if (requests.length == 1) {
            return first;
        }
        int second = (first + 1 + random.nextInt(requests.length - 1)) % requests.length;
        return requests[second] < requests[first] ? second : first;
    }
}
