package dev.stator.routing;

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
    /// @param onProcessors whether each worker runs on processors
    /// @param requests that each of them runs
    static double[] prices(boolean[] onProcessors, int[] requests, int ratio) {
        boolean isForProcessors = isForProcessors(onProcessors, requests, ratio);
        var prices = new double[requests.length];
        for (int i = 0; i < prices.length; i++) {
            prices[i] = onProcessors[i] == isForProcessors ? 0 : Double.POSITIVE_INFINITY;
        }
        return prices;
    }

    private static boolean isForProcessors(boolean[] onProcessors, int[] requests, int ratio) {
        long processors = 0;
        long processorRequests = 0;
        long otherRequests = 0;
        for (int i = 0; i < requests.length; i++) {
            if (onProcessors[i]) {
                processors++;
                processorRequests += requests[i];
            } else {
                otherRequests += requests[i];
            }
        }
        long others = requests.length - processors;
        return others == 0 || processorRequests < otherRequests * processors / (ratio * others);
    }
}
