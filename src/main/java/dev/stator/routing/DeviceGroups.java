package dev.stator.routing;

import dev.stator.routing.load.WorkerLoad;

/// Which of two groups of workers gets the next request in the mode `device-aware-weighted`: those
/// on processors, or those on other devices.
///
/// ```
/// allowed = active(others) * count(processors) / (ratio * count(others))      rounded down
/// ```
///
/// Processors get it while they run fewer requests than are allowed, as in Dynamo. So both groups
/// carry the same per worker, a worker on another device counting as `ratio` ones on processors.
final class DeviceGroups {
    private DeviceGroups() {}

    /// What selecting the lowest takes: 0 for the workers of the group, infinite for the others.
    ///
    /// @param onProcessors whether each worker runs on processors; in parallel with `loads`
    static double[] prices(boolean[] onProcessors, WorkerLoad[] loads, int ratio) {
        boolean isForProcessors = isForProcessors(onProcessors, loads, ratio);
        var prices = new double[loads.length];
        for (int i = 0; i < prices.length; i++) {
            prices[i] = onProcessors[i] == isForProcessors ? 0 : Double.POSITIVE_INFINITY;
        }
        return prices;
    }

    private static boolean isForProcessors(boolean[] onProcessors, WorkerLoad[] loads, int ratio) {
        long processors = 0;
        long processorRequests = 0;
        long otherRequests = 0;
        for (int i = 0; i < loads.length; i++) {
            if (onProcessors[i]) {
                processors++;
                processorRequests += loads[i].activeRequests();
            } else {
                otherRequests += loads[i].activeRequests();
            }
        }
        long others = loads.length - processors;
        return others == 0 || processorRequests < otherRequests * processors / (ratio * others);
    }
}
