package dev.stator.routing.live;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.GenerationEnd;
import dev.stator.routing.admission.Refusal;

import java.util.Optional;

/// Tells callers why they were not let in.
final class Refusals {
    private Refusals() {}

    static GenerationEnd end(Refusal refusal) {
        return switch (refusal.reason()) {
            case REQUESTS_LIMIT -> overloaded(refusal, "as many requests wait as may");
            case TOKENS_LIMIT -> overloaded(refusal, "as many tokens wait as may");
            case CLASS_REQUESTS_LIMIT -> ofClass(refusal, "requests");
            case CLASS_TOKENS_LIMIT -> ofClass(refusal, "prompt tokens");
            case CLASS_CACHED_TOKENS_LIMIT -> ofClass(refusal, "cached prompt tokens");
            case DISPLACED -> overloaded(refusal, "the request gave way to others");
            case DEADLINE_UNREACHABLE ->
                    overloaded(refusal, "the request would wait past its deadline");
            case WAITED_TOO_LONG ->
                    failed(FailureKind.UNAVAILABLE, refusal, "no worker became free in time");
            case DEADLINE_PASSED ->
                    failed(FailureKind.TIMED_OUT, refusal, "the request waited past its deadline");
        };
    }

    /// Names the class and what its limit comes to with the workers there are.
    private static GenerationEnd ofClass(Refusal refusal, String what) {
        return overloaded(
                refusal,
                "as many requests of policy class %s wait as may: at most %d %s"
                        .formatted(refusal.policyClass(), refusal.limit().orElse(0), what));
    }

    private static GenerationEnd overloaded(Refusal refusal, String message) {
        return failed(FailureKind.OVERLOADED, refusal, message);
    }

    private static GenerationEnd failed(FailureKind kind, Refusal refusal, String message) {
        return new GenerationEnd.Failed(
                new EngineFailure(kind, message, Optional.of(refusal.retryAfter())));
    }
}
