package dev.stator.routing.eligibility;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// When a worker is busy: as soon as one of these is exceeded. Absent ones never are.
///
/// @param activeDecodeBlocks fraction of its KV blocks that running requests hold, in [0, 1]
/// @param activePrefillTokens booked tokens that wait for their prefill
/// @param activePrefillTokensFraction the same as a fraction of its largest batch
public record BusyThresholds(
        OptionalDouble activeDecodeBlocks,
        OptionalLong activePrefillTokens,
        OptionalDouble activePrefillTokensFraction) {

    /// No worker is ever busy.
    public static final BusyThresholds NONE =
            new BusyThresholds(
                    OptionalDouble.empty(), OptionalLong.empty(), OptionalDouble.empty());

    /// What callers are told when every worker is busy: that is over as soon as one prefill is.
    public static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /// Throws `IllegalArgumentException` that names the threshold as its flag does, and the value.
    public BusyThresholds {
        double blocks = activeDecodeBlocks.orElse(0);
        if (!(blocks >= 0 && blocks <= 1)) {
            throw new IllegalArgumentException(
                    "active-decode-blocks-threshold must be in [0.0, 1.0]: " + blocks);
        }
        long tokens = activePrefillTokens.orElse(0);
        if (tokens < 0) {
            throw new IllegalArgumentException(
                    "active-prefill-tokens-threshold must not be negative: " + tokens);
        }
        double fraction = activePrefillTokensFraction.orElse(0);
        if (!(fraction >= 0) || Double.isInfinite(fraction)) {
            throw new IllegalArgumentException(
                    "active-prefill-tokens-threshold-frac must be finite, not negative: "
                            + fraction);
        }
    }

    /// These, but for what `newer` has.
    public BusyThresholds updated(BusyThresholds newer) {
        return new BusyThresholds(
                newer.activeDecodeBlocks.isPresent()
                        ? newer.activeDecodeBlocks
                        : activeDecodeBlocks,
                newer.activePrefillTokens.isPresent()
                        ? newer.activePrefillTokens
                        : activePrefillTokens,
                newer.activePrefillTokensFraction.isPresent()
                        ? newer.activePrefillTokensFraction
                        : activePrefillTokensFraction);
    }

    /// Whether so many KV blocks in use make such a worker busy.
    boolean areExceeded(Capacity capacity, long usedBlocks) {
        return activeDecodeBlocks.isPresent()
                && usedBlocks > activeDecodeBlocks.getAsDouble() * capacity.totalBlocks();
    }

    /// Whether so many tokens that wait for their prefill make such a worker busy.
    boolean areExceededByPrefill(Capacity capacity, long prefillTokens) {
        return (activePrefillTokens.isPresent() && prefillTokens > activePrefillTokens.getAsLong())
                || (activePrefillTokensFraction.isPresent()
                        && capacity.maxBatchTokens() > 0
                        && prefillTokens
                                > activePrefillTokensFraction.getAsDouble()
                                        * capacity.maxBatchTokens());
    }
}
