package dev.stator.frontend.completion;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.openai.protocol.ApiError;
import dev.stator.openai.protocol.InvalidRequest;
import dev.stator.platform.http.HttpExchange;
import dev.stator.platform.http.HttpResponse;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The answers that are not completions.
public final class Replies {
    private static final String JSON = "application/json";
    private static final int NAME_CHARS_MAX = 100;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private Replies() {}

    public static HttpResponse json(int status, String body) {
        return HttpResponse.of(status, JSON, body);
    }

    /// Sends `response` with more header fields.
    static void respond(HttpExchange exchange, HttpResponse response, Map<String, String> more) {
        HttpResponse full = response;
        for (var header : more.entrySet()) {
            full = full.with(header.getKey(), header.getValue());
        }
        exchange.respond(full);
    }

    /// How the server itself words a refusal.
    public static HttpResponse page(int status, String message) {
        String type =
                switch (status) {
                    case 429 -> "rate_limit_error";
                    case 503 -> "service_unavailable_error";
                    default -> status < 500 ? "invalid_request_error" : "server_error";
                };
        HttpResponse page = json(status, ApiError.of(type, "", message).toJson());
        return status == 429 || status == 503 ? retry(page, RETRY_AFTER) : page;
    }

    public static HttpResponse invalid(InvalidRequest e) {
        return json(400, ApiError.invalid(e).toJson());
    }

    public static HttpResponse unknownModel(String model) {
        return json(
                404,
                new ApiError(
                                "the model '" + shown(model) + "' does not exist",
                                "invalid_request_error",
                                "model",
                                "model_not_found")
                        .toJson());
    }

    /// A client's name may be as long as a body.
    public static String shown(String name) {
        return name.length() <= NAME_CHARS_MAX ? name : name.substring(0, NAME_CHARS_MAX) + "…";
    }

    public static HttpResponse failure(EngineFailure failure) {
        HttpResponse response = json(status(failure.kind()), error(failure).toJson());
        boolean mayRetry =
                failure.kind() == FailureKind.OVERLOADED
                        || failure.kind() == FailureKind.UNAVAILABLE;
        Optional<Duration> after =
                failure.retryAfter()
                        .or(() -> mayRetry ? Optional.of(RETRY_AFTER) : Optional.empty());
        return after.map(delay -> retry(response, delay)).orElse(response);
    }

    static ApiError error(EngineFailure failure) {
        return switch (failure.kind()) {
            case INVALID_REQUEST ->
                    ApiError.of("invalid_request_error", "invalid_request", failure.message());
            case OVERLOADED -> ApiError.of("rate_limit_error", "overloaded", failure.message());
            case UNAVAILABLE ->
                    ApiError.of("service_unavailable_error", "unavailable", failure.message());
            case TIMED_OUT -> ApiError.of("timeout_error", "timed_out", failure.message());
            case INTERNAL -> ApiError.of("server_error", "internal_error", failure.message());
        };
    }

    static int status(FailureKind kind) {
        return switch (kind) {
            case INVALID_REQUEST -> 400;
            case OVERLOADED -> 429;
            case UNAVAILABLE -> 503;
            case TIMED_OUT -> 504;
            case INTERNAL -> 500;
        };
    }

    /// The header counts whole seconds, rounded up.
    private static HttpResponse retry(HttpResponse response, Duration after) {
        long seconds = Math.max(1, after.plusNanos(999_999_999).toSeconds());
        return response.with("retry-after", Long.toString(seconds));
    }
}
