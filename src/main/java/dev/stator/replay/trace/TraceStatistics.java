package dev.stator.replay.trace;

import dev.stator.tokens.LongMap;

import java.util.List;
import java.util.stream.LongStream;

/// What a trace is like.
///
/// @param seconds from the first arrival to the last
/// @param gapVariation standard deviation of the gaps between arrivals over their mean
/// @param blocks of all prompts
/// @param uniqueBlocks of them that differ
/// @param hitRatioBlocks of a cache that never evicts
/// @param hitRatioTokens the same in tokens
public record TraceStatistics(
        int requests,
        double seconds,
        double gapVariation,
        Lengths input,
        Lengths output,
        long blocks,
        long uniqueBlocks,
        double hitRatioBlocks,
        double hitRatioTokens) {

    /// Of a trace with at least one request.
    public static TraceStatistics of(Trace trace) {
        List<TraceRequest> requests = trace.requests();
        var reuse = new Reuse(trace.blockSizeTokens());
        requests.forEach(reuse::add);
        return new TraceStatistics(
                requests.size(),
                (requests.getLast().arrivalNanos() - requests.getFirst().arrivalNanos()) / 1e9,
                gapVariation(requests),
                Lengths.of(requests.stream().mapToLong(TraceRequest::inputTokens)),
                Lengths.of(requests.stream().mapToLong(TraceRequest::outputTokens)),
                reuse.blocks,
                reuse.seen.size(),
                ratio(reuse.hitBlocks, reuse.blocks),
                ratio(reuse.hitTokens, reuse.tokens));
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private static double gapVariation(List<TraceRequest> requests) {
        int gaps = requests.size() - 1;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < gaps; i++) {
            double gap = requests.get(i + 1).arrivalNanos() - requests.get(i).arrivalNanos();
            sum += gap;
            squares += gap * gap;
        }
        double mean = sum / gaps;
        return sum == 0 ? 0 : Math.sqrt(squares / gaps - mean * mean) / mean;
    }

    /// Tokens of prompts or answers.
    public record Lengths(double mean, long p50, long p90, long p99, long max) {
        static Lengths of(LongStream values) {
            long[] sorted = values.sorted().toArray();
            return new Lengths(
                    LongStream.of(sorted).average().orElse(0),
                    at(sorted, 0.5),
                    at(sorted, 0.9),
                    at(sorted, 0.99),
                    sorted[sorted.length - 1]);
        }

        private static long at(long[] sorted, double quantile) {
            return sorted[Math.min(sorted.length - 1, (int) (quantile * sorted.length))];
        }
    }

    /// Counts prefixes that came before. Ids are chained, so the known ones of a prompt lead it.
    private static final class Reuse {
        private final int blockSizeTokens;
        private final LongMap<Boolean> seen = new LongMap<>();
        private long blocks;
        private long hitBlocks;
        private long tokens;
        private long hitTokens;

        Reuse(int blockSizeTokens) {
            this.blockSizeTokens = blockSizeTokens;
        }

        void add(TraceRequest request) {
            long[] ids = request.blocks().toArray();
            int known = 0;
            while (known < ids.length && seen.get(ids[known]) != null) {
                known++;
            }
            for (int i = known; i < ids.length; i++) {
                seen.put(ids[i], true);
            }
            blocks += ids.length;
            hitBlocks += known;
            tokens += request.inputTokens();
            hitTokens += Math.min(request.inputTokens(), (long) known * blockSizeTokens);
        }
    }
}
