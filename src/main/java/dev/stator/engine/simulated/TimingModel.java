package dev.stator.engine.simulated;

import dev.stator.engine.batching.SequenceSlice;
import dev.stator.engine.batching.StepPlan;

/// How long a step takes, after the polynomials of Dynamo's mocker, in milliseconds:
///
/// ```
/// prefill = 4.209989e-7 n^2 + 1.518344e-2 n + 16.50142    n = prefill tokens, 0 if none
/// decode  = max(1, -25.74 u^2 + 54.01 u + 5.74)           u = active / total KV tokens, at most 1
/// ```
///
/// Each part is divided by its speed-up; a speed-up of 0 means no delay at all.
public record TimingModel(double prefillSpeedup, double decodeSpeedup) {

    /// No delay.
    public static final TimingModel INSTANT = new TimingModel(0, 0);

    /// As fast as the machine that was modelled.
    public static final TimingModel ORIGINAL = new TimingModel(1, 1);

    private static final double NANOS_PER_MILLI = 1e6;

    public TimingModel {
        if (!(prefillSpeedup >= 0) || !(decodeSpeedup >= 0)) {
            throw new IllegalArgumentException(
                    "speed-up must not be negative: prefill %s, decode %s"
                            .formatted(prefillSpeedup, decodeSpeedup));
        }
    }

    /// Nanoseconds of one step, `totalTokens` being the capacity of the pool.
    public long stepNanos(StepPlan plan, long totalTokens) {
        double millis = 0;
        if (prefillSpeedup > 0) {
            millis += prefillMillis(plan.prefillTokens()) / prefillSpeedup;
        }
        if (decodeSpeedup > 0 && plan.decodeTokens() > 0) {
            millis += decodeMillis((double) activeTokens(plan) / totalTokens) / decodeSpeedup;
        }
        return Math.round(millis * NANOS_PER_MILLI);
    }

    /// One step's prefill of so many tokens at the original speed.
    public static double prefillMillis(double tokens) {
        return tokens == 0 ? 0 : 4.209989e-7 * tokens * tokens + 1.518344e-2 * tokens + 16.50142;
    }

    /// One step's decode at the original speed, `usage` being the part of the KV cache in use.
    public static double decodeMillis(double usage) {
        double u = Math.min(1, usage);
        return Math.max(1, -25.74 * u * u + 54.01 * u + 5.74);
    }

    private static long activeTokens(StepPlan plan) {
        long active = 0;
        for (int i = 0; i < plan.size(); i++) {
            SequenceSlice slice = plan.slice(i);
            active += slice.start() + slice.count();
        }
        return active;
    }
}
