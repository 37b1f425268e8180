package dev.stator.engine;

import java.time.Duration;
import java.util.Optional;

/// Why a request was refused or broke off, in words for the caller.
///
/// @param retryAfter when trying again may help
public record EngineFailure(FailureKind kind, String message, Optional<Duration> retryAfter) {

    public static EngineFailure of(FailureKind kind, String message) {
        return new EngineFailure(kind, message, Optional.empty());
    }
}
