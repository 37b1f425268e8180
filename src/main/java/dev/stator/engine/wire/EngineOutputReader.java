package dev.stator.engine.wire;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.TokenLogprobs;
import dev.stator.engine.TokenUsage;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.runtime.requests.ItemReader;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the annotated `LLMEngineOutput`s that answer one request, those of workers that are not
/// ours as well: they send no start, several tokens at once, and the last tokens with the end.
final class EngineOutputReader implements ItemReader<GenerationItem> {
    private static final int COUNT_MAX = Integer.MAX_VALUE;
    private static final String ERROR = "error";

    private final int promptTokens;
    private int cachedTokens;
    private int outputTokens;
    private boolean hasStarted;

    EngineOutputReader(GenerationRequest request) {
        this.promptTokens = request.prompt().size();
    }

    @Override
    public List<GenerationItem> read(JsonField annotated) {
        JsonField event = annotated.get("event");
        boolean isError = event.isPresent() && event.string().equals("error");
        if (isError || annotated.get(ERROR).isPresent()) {
            return List.of(failed(failure(annotated)));
        }
        JsonField output = annotated.get("data");
        if (!output.isPresent()) {
            return List.of();
        }
        List<GenerationItem> items = new ArrayList<>();
        start(output, items);
        tokens(output, items);
        output.get("finish_reason").optional().ifPresent(it -> items.add(end(it, output)));
        return items;
    }

    private void start(JsonField output, List<GenerationItem> items) {
        if (hasStarted) {
            return;
        }
        hasStarted = true;
        JsonField start = output.get(EngineOutputJson.ENGINE_DATA);
        JsonField cached =
                start.isPresent() ? start.get(EngineOutputJson.CACHED_TOKENS) : cached(output);
        cachedTokens = cached.integerOr(0, 0, COUNT_MAX);
        String worker =
                start.isPresent() && start.get(EngineOutputJson.WORKER).isPresent()
                        ? start.get(EngineOutputJson.WORKER).string()
                        : "";
        items.add(new GenerationItem.Started(new GenerationStart(worker, cachedTokens)));
    }

    private void tokens(JsonField output, List<GenerationItem> items) {
        List<JsonField> ids = list(output.get(EngineOutputJson.TOKEN_IDS));
        List<JsonField> logprobs = list(output.get("log_probs"));
        List<JsonField> tops = list(output.get("top_logprobs"));
        for (int i = 0; i < ids.size(); i++) {
            Optional<TokenLogprobs> known =
                    i < logprobs.size()
                            ? Optional.of(
                                    new TokenLogprobs(
                                            real(logprobs.get(i)),
                                            i < tops.size() ? top(tops.get(i)) : List.of()))
                            : Optional.empty();
            int id = ids.get(i).integer(0, COUNT_MAX);
            items.add(new GenerationItem.Produced(new GeneratedToken(id, known)));
        }
        outputTokens += ids.size();
    }

    private GenerationItem end(JsonField reason, JsonField output) {
        if (reason.isObject()) {
            String why = reason.get(ERROR).string();
            return failed(EngineFailure.of(FailureKind.INTERNAL, why));
        }
        JsonField usage = output.get("completion_usage");
        JsonField completed = usage.isPresent() ? usage.get("completion_tokens") : usage;
        if (completed.isPresent()) {
            outputTokens = completed.integer(0, COUNT_MAX);
        }
        JsonField cached = cached(output);
        if (cached.isPresent()) {
            cachedTokens = cached.integer(0, COUNT_MAX);
        }
        var counted = new TokenUsage(promptTokens, cachedTokens, outputTokens);
        return switch (reason.string()) {
            case "stop", "eos", "content_filter" -> finished(FinishReason.STOP, counted);
            case "length" -> finished(FinishReason.LENGTH, counted);
            case "cancelled", "abort" -> finished(FinishReason.CANCELLED, counted);
            case String other when other.startsWith(ERROR) ->
                    failed(EngineFailure.of(FailureKind.INTERNAL, other));
            default -> throw reason.invalid("must be a finish reason");
        };
    }

    private static GenerationItem finished(FinishReason reason, TokenUsage usage) {
        return new GenerationItem.Ended(new GenerationEnd.Finished(reason, usage));
    }

    private static GenerationItem failed(EngineFailure failure) {
        return new GenerationItem.Ended(new GenerationEnd.Failed(failure));
    }

    private static EngineFailure failure(JsonField annotated) {
        List<JsonField> comments = list(annotated.get("comment"));
        JsonField error = annotated.get(ERROR);
        if (error.isObject()) {
            JsonField retryAfter = error.get(EngineOutputJson.RETRY_AFTER_MS);
            return new EngineFailure(
                    ErrorTypes.kind(error),
                    ErrorTypes.message(error).orElseGet(() -> first(comments)),
                    retryAfter.optional().map(it -> Duration.ofMillis(it.integer(0, COUNT_MAX))));
        }
        return error.isString()
                ? EngineFailure.of(FailureKind.INTERNAL, error.string())
                : commented(first(comments));
    }

    private static String first(List<JsonField> comments) {
        return comments.isEmpty()
                ? "the worker failed without a word"
                : comments.getFirst().string();
    }

    /// A comment is a text, or a JSON object with `message` and an HTTP status as `code`.
    private static EngineFailure commented(String comment) {
        try {
            JsonField json = JsonField.root(Json.parse(comment, JsonLimits.REQUEST));
            if (json.isObject() && json.get("code").isPresent()) {
                int status = json.get("code").integer(0, 999);
                return EngineFailure.of(ErrorTypes.kind(status), json.get("message").string());
            }
        } catch (JsonException _) {
            return EngineFailure.of(FailureKind.INTERNAL, comment);
        }
        return EngineFailure.of(FailureKind.INTERNAL, comment);
    }

    private static JsonField cached(JsonField output) {
        JsonField usage = output.get("completion_usage");
        JsonField details = usage.isPresent() ? usage.get("prompt_tokens_details") : usage;
        return details.isPresent() ? details.get(EngineOutputJson.CACHED_TOKENS) : details;
    }

    private static List<JsonField> list(JsonField json) {
        return json.isPresent() ? json.items() : List.of();
    }

    private static List<TokenLogprobs.Candidate> top(JsonField ranked) {
        return list(ranked).stream()
                .map(
                        it ->
                                new TokenLogprobs.Candidate(
                                        it.get("token_id").integer(0, COUNT_MAX),
                                        real(it.get("logprob"))))
                .toList();
    }

    /// Minus infinity is written as the least float by us and as null by others.
    private static float real(JsonField number) {
        float real = number.isPresent() ? (float) number.number() : Float.NEGATIVE_INFINITY;
        return real == -Float.MAX_VALUE ? Float.NEGATIVE_INFINITY : real;
    }
}
