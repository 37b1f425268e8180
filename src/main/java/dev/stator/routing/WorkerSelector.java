package dev.stator.routing;

import java.util.random.RandomGenerator;

/// Selects one of several priced workers by the rule of the mode. Not thread-safe.
final class WorkerSelector {
    private final RoutingMode mode;
    private final double temperature;
    private final RandomGenerator random;
    private long turns;

    WorkerSelector(RoutingMode mode, double temperature, RandomGenerator random) {
        this.mode = mode;
        this.temperature = temperature;
        this.random = random;
    }

    /// The index of the selected worker. `costs` and `loads` run in parallel and are not empty.
    int select(double[] costs, WorkerLoad[] loads) {
        return switch (mode) {
            case KV -> temperature == 0 ? cheapest(costs) : draw(costs);
            case ROUND_ROBIN -> (int) (turns++ % costs.length);
            case RANDOM -> random.nextInt(costs.length);
            case POWER_OF_TWO -> lessLoadedOfTwo(loads);
            case LEAST_LOADED -> cheapest(requests(loads));
        };
    }

    /// The lowest cost; equal ones are equally likely.
    private int cheapest(double[] costs) {
        int best = 0;
        int equals = 1;
        for (int i = 1; i < costs.length; i++) {
            if (costs[i] < costs[best]) {
                best = i;
                equals = 1;
            } else if (costs[i] == costs[best] && random.nextInt(++equals) == 0) {
                best = i;
            }
        }
        return best;
    }

    /// Draws with probabilities proportional to exp(-(cost - min) / ((max - min) · temperature)).
    private int draw(double[] costs) {
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

    private int lessLoadedOfTwo(WorkerLoad[] loads) {
        int first = random.nextInt(loads.length);
        if (loads.length == 1) {
            return first;
        }
        int second = (first + 1 + random.nextInt(loads.length - 1)) % loads.length;
        return loads[second].activeRequests() < loads[first].activeRequests() ? second : first;
    }

    private static double[] requests(WorkerLoad[] loads) {
        var requests = new double[loads.length];
        for (int i = 0; i < loads.length; i++) {
            requests[i] = loads[i].activeRequests();
        }
        return requests;
    }
}
