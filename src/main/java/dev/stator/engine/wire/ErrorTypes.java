package dev.stator.engine.wire;

import dev.stator.engine.FailureKind;
import dev.stator.platform.codec.JsonField;

import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/// The kinds of failure by the names of Dynamo's `DynamoError`.
///
/// Up to 1.6 it is `{"error_type": "Unknown", "message": "…"}`, the type being perhaps an object
/// such as `{"Backend": "EngineShutdown"}`; later it has `class`, `reason`, `diagnostic`, `public`.
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

    /// The kind of a `DynamoError`.
    static FailureKind kind(JsonField error) {
        return Stream.of("error_type", "reason", "class")
                .map(error::get)
                .map(it -> it.isObject() ? variant(it) : it)
                .filter(JsonField::isString)
                .map(it -> kind(it.string()))
                .filter(it -> it != FailureKind.INTERNAL)
                .findFirst()
                .orElse(FailureKind.INTERNAL);
    }

    /// The words of a `DynamoError`.
    static Optional<String> message(JsonField error) {
        return Stream.of("message", "diagnostic", "public")
                .map(error::get)
                .filter(JsonField::isString)
                .map(JsonField::string)
                .findFirst();
    }

    /// What stands in a variant with a value, as in `{"Backend": "EngineShutdown"}`.
    private static JsonField variant(JsonField type) {
        Collection<JsonField> values = type.members().values();
        return values.isEmpty() ? type : values.iterator().next();
    }

    /// What is not known is a defect of the worker.
    private static FailureKind kind(String name) {
        return switch (name) {
            case "InvalidArgument" -> FailureKind.INVALID_REQUEST;
            case "WorkerOverloaded", "ResourceExhausted" -> FailureKind.OVERLOADED;
            case "Unavailable",
                    "CannotConnect",
                    "Disconnected",
                    "EngineShutdown",
                    "StreamIncomplete" ->
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
