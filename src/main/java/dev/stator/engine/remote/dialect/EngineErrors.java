package dev.stator.engine.remote.dialect;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.http.client.HttpReply;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a server says when it refuses or fails.
public final class EngineErrors {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final long RETRY_AFTER_SECONDS_MAX = 3_600;
    private static final int MESSAGE_CHARS_MAX = 400;
    private static final JsonLimits LIMITS = new JsonLimits(16, 1 << 20, 1 << 20, 64);

    private EngineErrors() {}

    /// The failure an answer stands for that is no stream of tokens.
    public static EngineFailure of(HttpReply reply) {
        int status = reply.head().status();
        String message = message(reply.body()).orElse("no message");
        FailureKind kind = kind(status);
        if (kind == FailureKind.OVERLOADED) {
            return new EngineFailure(kind, message, Optional.of(retryAfter(reply)));
        }
        boolean forTheCaller = kind == FailureKind.INVALID_REQUEST;
        return EngineFailure.of(
                kind,
                forTheCaller ? message : "the engine answered %d: %s".formatted(status, message));
    }

    /// The failure in an event.
    ///
    /// @param otherwise its kind when it has no code
    static EngineFailure inStream(JsonField error, FailureKind otherwise) {
        String message = text(error).orElse("no message");
        if (!error.isObject() || !(error.get("code").value() instanceof JsonNumber)) {
            return EngineFailure.of(otherwise, message);
        }
        return of((int) error.get("code").integer(0L, 999L), message);
    }

    static EngineFailure of(int status, String message) {
        FailureKind kind = kind(status);
        return new EngineFailure(
                kind,
                shown(message),
                kind == FailureKind.OVERLOADED ? Optional.of(RETRY_AFTER) : Optional.empty());
    }

    /// A key the server does not take is no fault of the caller, nor is a model that it does not
    /// have, such as an adapter.
    private static FailureKind kind(int status) {
        return switch (status) {
            case 401, 403, 404, 502 -> FailureKind.UNAVAILABLE;
            case 408, 504 -> FailureKind.TIMED_OUT;
            case 429, 503, 529 -> FailureKind.OVERLOADED;
            default ->
                    status >= 400 && status < 500
                            ? FailureKind.INVALID_REQUEST
                            : FailureKind.INTERNAL;
        };
    }

    private static Duration retryAfter(HttpReply reply) {
        return reply.head()
                .header("retry-after")
                .filter(it -> it.matches("[0-9]{1,9}"))
                .map(it -> Math.min(Long.parseLong(it), RETRY_AFTER_SECONDS_MAX))
                .map(Duration::ofSeconds)
                .orElse(RETRY_AFTER);
    }

    /// `{"error": {"message": …}}`, `{"message": …}`, `{"detail": …}`, or text.
    private static Optional<String> message(String body) {
        try {
            return text(JsonField.root(Json.parse(body, LIMITS)));
        } catch (JsonException _) {
            return Optional.of(shown(body.replaceAll("<[^>]*>", " "))).filter(it -> !it.isEmpty());
        }
    }

    private static Optional<String> text(JsonField field) {
        if (field.isString()) {
            return Optional.of(shown(field.string()));
        }
        if (!field.isObject()) {
            return Optional.of(shown(Json.write(field.value())));
        }
        return List.of("error", "message", "detail").stream()
                .map(field::get)
                .flatMap(it -> it.optional().stream())
                .findFirst()
                .flatMap(EngineErrors::text);
    }

    /// Fit for logs and messages: one line of bounded length.
    private static String shown(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= MESSAGE_CHARS_MAX
                ? line
                : line.substring(0, MESSAGE_CHARS_MAX) + "…";
    }
}
