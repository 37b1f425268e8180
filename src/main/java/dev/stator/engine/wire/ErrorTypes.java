package dev.stator.engine.wire;

import dev.stator.engine.FailureKind;

/// The kinds of failure by the names of Dynamo's `DynamoError`.
final class ErrorTypes {
    private ErrorTypes() {}

    static String name(FailureKind kind) {
        return switch (kind) {
            case INVALID_REQUEST -> "InvalidArgument";
            case OVERLOADED -> "WorkerOverloaded";
            case UNAVAILABLE -> "Unavailable";
            case TIMED_OUT -> "ResponseTimeout";
            case INTERNAL -> "Unknown";
        };
    }

    /// What is not known is a defect of the worker.
    static FailureKind kind(String name) {
        return switch (name) {
            case "InvalidArgument" -> FailureKind.INVALID_REQUEST;
            case "WorkerOverloaded", "ResourceExhausted" -> FailureKind.OVERLOADED;
            case "Unavailable", "CannotConnect", "Disconnected", "EngineShutdown" ->
                    FailureKind.UNAVAILABLE;
            case "ResponseTimeout", "ConnectionTimeout" -> FailureKind.TIMED_OUT;
            default -> FailureKind.INTERNAL;
        };
    }

    /// By an HTTP status, which some workers send instead of a name.
    static FailureKind kind(int status) {
        return switch (status) {
            case 429, 503, 529 -> FailureKind.OVERLOADED;
            case 504 -> FailureKind.TIMED_OUT;
            default ->
                    status >= 400 && status < 500
                            ? FailureKind.INVALID_REQUEST
                            : FailureKind.INTERNAL;
        };
    }
}
