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
        return new GenerationEnd.Failed(
                new EngineFailure(
                        kind(refusal.reason()),
                        message(refusal),
                        Optional.of(refusal.retryAfter())));
    }

    private static FailureKind kind(Refusal.Reason reason) {
        return switch (reason) {
            case WAITED_TOO_LONG -> FailureKind.UNAVAILABLE;
            case DEADLINE_PASSED -> FailureKind.TIMED_OUT;
            case REQUESTS_LIMIT,
                    TOKENS_LIMIT,
                    CLASS_REQUESTS_LIMIT,
                    CLASS_TOKENS_LIMIT,
                    CLASS_CACHED_TOKENS_LIMIT,
                    DISPLACED,
                    DEADLINE_UNREACHABLE ->
                    FailureKind.OVERLOADED;
        };
    }

    static String message(Refusal refusal) {
        return switch (refusal.reason()) {
            case REQUESTS_LIMIT -> "as many requests wait as may";
            case TOKENS_LIMIT -> "as many tokens wait as may";
            case CLASS_REQUESTS_LIMIT -> ofClass(refusal, "requests");
            case CLASS_TOKENS_LIMIT -> ofClass(refusal, "prompt tokens");
            case CLASS_CACHED_TOKENS_LIMIT -> ofClass(refusal, "cached prompt tokens");
            case DISPLACED -> "the request gave way to others";
            case DEADLINE_UNREACHABLE -> "the request would wait past its deadline";
            case WAITED_TOO_LONG -> "no worker became free in time";
            case DEADLINE_PASSED -> "the request waited past its deadline";
        };
    }

    /// Names the class and what its limit comes to with the workers there are.
    private static String ofClass(Refusal refusal, String what) {
        return "as many requests of policy class %s wait as may: at most %d %s"
                .formatted(refusal.policyClass(), refusal.limit().orElse(0), what);
    }
}
