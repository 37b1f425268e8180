package dev.stator.routing.admission.policy;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/// When the workers are so busy that requests of a class wait. A worker is busy when either
/// threshold is exceeded; without thresholds nobody waits.
///
/// @param prefillTokens booked tokens of a worker that wait for their prefill
/// @param prefillFraction the same as a multiple of its largest batch
/// @param workerRatio part of the workers that must be busy, in (0, 1]; absent for all of them
public record BusyRule(
        OptionalLong prefillTokens, OptionalDouble prefillFraction, OptionalDouble workerRatio) {

    /// Nobody waits.
    public static final BusyRule NEVER =
            new BusyRule(OptionalLong.empty(), OptionalDouble.empty(), OptionalDouble.empty());

    public BusyRule {
        double fraction = prefillFraction.orElse(0);
        double ratio = workerRatio.orElse(1);
        if (prefillTokens.orElse(0) < 0 || !(fraction >= 0) || Double.isInfinite(fraction)) {
            throw new IllegalArgumentException(
                    "prefill thresholds must be finite, not negative: %s, %s"
                            .formatted(prefillTokens, prefillFraction));
        }
        if (!(ratio > 0 && ratio <= 1)) {
            throw new IllegalArgumentException("busy worker ratio must be in (0, 1]: " + ratio);
        }
        if (workerRatio.isPresent() && prefillTokens.isEmpty() && prefillFraction.isEmpty()) {
            throw new IllegalArgumentException(
                    "busy worker ratio %s needs a prefill threshold".formatted(ratio));
        }
    }

    /// Whether it can make anybody wait.
    public boolean isEverMet() {
        return prefillTokens.isPresent() || prefillFraction.isPresent();
    }

    /// Whether a worker with so many booked tokens is busy.
    public boolean isBusy(long bookedTokens, int maxBatchTokens) {
        return (prefillTokens.isPresent() && bookedTokens > prefillTokens.getAsLong())
                || (prefillFraction.isPresent()
                        && bookedTokens > prefillFraction.getAsDouble() * maxBatchTokens);
    }

    /// Whether so many busy workers of so many are enough; without any there is nothing to wait
    /// for.
    public boolean isMet(int busyWorkers, int workers) {
        return workers > 0
                && (workerRatio.isPresent()
                        ? busyWorkers >= workerRatio.getAsDouble() * workers
                        : busyWorkers == workers);
    }
}
