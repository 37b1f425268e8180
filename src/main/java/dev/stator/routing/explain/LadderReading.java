package dev.stator.routing.explain;

import java.util.Arrays;
import java.util.List;

/// The rungs of one span of time.
///
/// @param requests that reached their first token
/// @param promptTokens of these together
/// @param cachedTokens of these by `Rung`, estimates
public record LadderReading(long requests, long promptTokens, long[] cachedTokens) {
    /// Of no request.
    public static final LadderReading EMPTY =
            new LadderReading(0, 0, new long[Rung.values().length]);

    public LadderReading {
        cachedTokens = cachedTokens.clone();
    }

    @Override
    public long[] cachedTokens() {
        return cachedTokens.clone();
    }

    /// Cached prompt tokens of one rung.
    public long cachedTokens(Rung rung) {
        return cachedTokens[List.of(Rung.values()).indexOf(rung)];
    }

    /// Cached prompt tokens over all, in [0, 1]; 0 when there were none.
    public double ratio(Rung rung) {
        double ratio = promptTokens == 0 ? 0 : (double) cachedTokens(rung) / promptTokens;
        return Math.clamp(ratio, 0, 1);
    }

    /// Both together.
    public LadderReading plus(LadderReading other) {
        long[] sums = cachedTokens.clone();
        Arrays.setAll(sums, i -> sums[i] + other.cachedTokens[i]);
        return new LadderReading(
                requests + other.requests, promptTokens + other.promptTokens, sums);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LadderReading that
                && requests == that.requests
                && promptTokens == that.promptTokens
                && Arrays.equals(cachedTokens, that.cachedTokens);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(cachedTokens);
    }

    @Override
    public String toString() {
        return "%d requests, %d tokens, cached %s"
                .formatted(requests, promptTokens, Arrays.toString(cachedTokens));
    }
}
