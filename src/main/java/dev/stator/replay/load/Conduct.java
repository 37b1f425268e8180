package dev.stator.replay.load;

import dev.stator.tokens.SplitMix64;

import java.time.Duration;

/// How clients behave, by chance but the same for the same seed.
///
/// @param slowShare of streams that are read one event at a time, with a pause after each
/// @param slowPause that pause
/// @param leavingShare of streams that are left after some of their tokens
public record Conduct(double slowShare, Duration slowPause, double leavingShare, long seed) {
    private static final long SLOW = 1;
    private static final long LEAVING = 2;
    private static final long WHEN = 3;

    public Conduct {
        if (slowShare < 0 || leavingShare < 0 || slowShare > 1 || leavingShare > 1) {
            throw new IllegalArgumentException(
                    "slow-readers and disconnect must be in [0, 100] percent: %s, %s"
                            .formatted(100 * slowShare, 100 * leavingShare));
        }
    }

    boolean isSlow(long number) {
        return chance(number, SLOW) < slowShare;
    }

    /// After how many tokens the client leaves; 0 when it stays.
    int leavesAfter(long number, int outputTokens) {
        return chance(number, LEAVING) < leavingShare
                ? 1 + (int) (chance(number, WHEN) * outputTokens)
                : 0;
    }

    /// The seed that the request is sampled with, a positive number.
    long samplingSeed(long number) {
        return mix(number, 0) >>> 1;
    }

    /// Uniform in `[0, 1)`.
    private double chance(long number, long purpose) {
        return (mix(number, purpose) >>> 11) * 0x1p-53;
    }

    private long mix(long number, long purpose) {
        return SplitMix64.mix((seed * SplitMix64.GAMMA + number) * SplitMix64.GAMMA + purpose);
    }
}
