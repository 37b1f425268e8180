package dev.stator.replay.result;

import java.util.Arrays;
import java.util.List;

/// Blocks that each worker had to compute, in time.
///
/// @param bucketSeconds length of a bucket of virtual time
/// @param workByBucket for each worker the blocks that it began to compute in each bucket
/// @param requestsByWorker requests sent to each worker
/// @param busyFraction of the workers' time until the last one was done; 0 without a time model
public record LoadBalance(
        double bucketSeconds,
        List<List<Long>> workByBucket,
        List<Integer> requestsByWorker,
        double busyFraction) {
    public LoadBalance {
        workByBucket = workByBucket.stream().map(List::copyOf).toList();
        requestsByWorker = List.copyOf(requestsByWorker);
    }

    /// The busiest worker's blocks over the mean; 1 when nobody had any.
    public double workMaxOverMean() {
        return maxOverMean(
                workByBucket.stream()
                        .mapToLong(it -> it.stream().mapToLong(Long::longValue).sum())
                        .toArray());
    }

    public double requestsMaxOverMean() {
        return maxOverMean(requestsByWorker.stream().mapToLong(Integer::longValue).toArray());
    }

    private static double maxOverMean(long[] values) {
        var summary = Arrays.stream(values).summaryStatistics();
        return summary.getSum() == 0 ? 1 : summary.getMax() / summary.getAverage();
    }
}
