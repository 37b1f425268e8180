package dev.stator.replay.result;

import java.util.List;
import java.util.stream.DoubleStream;

/// Blocks that each worker had to compute, in time.
///
/// @param bucketSeconds length of a bucket of virtual time
/// @param workByBucket for each worker the blocks that it began to compute in each bucket
/// @param requestsByWorker requests sent to each worker
/// @param busySecondsByWorker that each computed
/// @param seconds of virtual time until the last one was done
public record LoadBalance(
        double bucketSeconds,
        List<List<Long>> workByBucket,
        List<Integer> requestsByWorker,
        List<Double> busySecondsByWorker,
        double seconds) {
    public LoadBalance {
        workByBucket = workByBucket.stream().map(List::copyOf).toList();
        requestsByWorker = List.copyOf(requestsByWorker);
        busySecondsByWorker = List.copyOf(busySecondsByWorker);
    }

    /// The busiest worker's blocks over the mean; 1 when nobody had any.
    public double workMaxOverMean() {
        return maxOverMean(
                workByBucket.stream()
                        .mapToDouble(it -> it.stream().mapToLong(Long::longValue).sum()));
    }

    public double requestsMaxOverMean() {
        return maxOverMean(requestsByWorker.stream().mapToDouble(Integer::doubleValue));
    }

    public double busyMaxOverMean() {
        return maxOverMean(busySecondsByWorker.stream().mapToDouble(Double::doubleValue));
    }

    /// Of the workers' time; 0 without a time model.
    public double busyFraction() {
        double sum = busySecondsByWorker.stream().mapToDouble(Double::doubleValue).sum();
        return sum == 0 ? 0 : sum / (seconds * busySecondsByWorker.size());
    }

    private static double maxOverMean(DoubleStream values) {
        var summary = values.summaryStatistics();
        return summary.getSum() == 0 ? 1 : summary.getMax() / summary.getAverage();
    }
}
