package dev.stator.engine.wire;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.TokenLogprobs;
import dev.stator.engine.TokenUsage;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.ArrayList;
import java.util.List;

/// What an engine says as Dynamo's annotated `LLMEngineOutput`.
///
/// ```
/// started   {"data": {"token_ids": [], "engine_data": {"worker": "2a", "cached_tokens": 16}}}
/// token     {"data": {"token_ids": [5]}}
/// finished  {"data": {"token_ids": [], "finish_reason": "stop", "completion_usage": {…}}}
/// failed    {"event": "error", "comment": ["why"], "error": {"error_type": …, "message": "why"}}
/// ```
final class EngineOutputJson {
    static final String TOKEN_IDS = "token_ids";
    static final String ENGINE_DATA = "engine_data";
    static final String WORKER = "worker";
    static final String CACHED_TOKENS = "cached_tokens";
    static final String RETRY_AFTER_MS = "retry_after_ms";

    private EngineOutputJson() {}

    static JsonObject write(GenerationItem item) {
        return switch (item) {
            case GenerationItem.Started(var start) -> annotated(started(start));
            case GenerationItem.Produced(var token) -> annotated(produced(token));
            case GenerationItem.Ended(GenerationEnd.Finished(var reason, var usage)) ->
                    annotated(finished(reason, usage));
            case GenerationItem.Ended(GenerationEnd.Failed(var failure)) -> failed(failure);
        };
    }

    private static JsonObject annotated(JsonObjectBuilder output) {
        return new JsonObjectBuilder().put("data", output.build()).build();
    }

    private static JsonObjectBuilder started(GenerationStart start) {
        return tokens().put(
                        ENGINE_DATA,
                        new JsonObjectBuilder()
                                .put(WORKER, start.worker())
                                .put(CACHED_TOKENS, start.cachedTokens())
                                .build());
    }

    private static JsonObjectBuilder produced(GeneratedToken token) {
        JsonObjectBuilder json = tokens(token.id());
        token.logprobs()
                .ifPresent(
                        it ->
                                json.putAll("log_probs", List.of(number(it.logprob())))
                                        .putAll("top_logprobs", List.of(top(it.top()))));
        return json;
    }

    private static JsonObjectBuilder finished(FinishReason reason, TokenUsage usage) {
        String name =
                switch (reason) {
                    case STOP -> "stop";
                    case LENGTH -> "length";
                    case CANCELLED -> "cancelled";
                };
        return tokens().put("finish_reason", name)
                .put(
                        "completion_usage",
                        new JsonObjectBuilder()
                                .put("prompt_tokens", usage.promptTokens())
                                .put("completion_tokens", usage.outputTokens())
                                .put("total_tokens", usage.promptTokens() + usage.outputTokens())
                                .put(
                                        "prompt_tokens_details",
                                        new JsonObjectBuilder()
                                                .put(CACHED_TOKENS, usage.cachedTokens())
                                                .build())
                                .build());
    }

    private static JsonObject failed(EngineFailure failure) {
        var error =
                new JsonObjectBuilder()
                        .put("error_type", ErrorTypes.name(failure.kind()))
                        .put("message", failure.message());
        failure.retryAfter().ifPresent(it -> error.put(RETRY_AFTER_MS, it.toMillis()));
        return new JsonObjectBuilder()
                .put("event", "error")
                .putStrings("comment", List.of(failure.message()))
                .put("error", error.build())
                .build();
    }

    private static JsonObjectBuilder tokens(int... ids) {
        return new JsonObjectBuilder().putNumbers(TOKEN_IDS, ids);
    }

    private static JsonArray top(List<TokenLogprobs.Candidate> candidates) {
        List<JsonObject> ranked = new ArrayList<>();
        for (TokenLogprobs.Candidate each : candidates) {
            ranked.add(
                    new JsonObjectBuilder()
                            .put("rank", ranked.size() + 1)
                            .put("token_id", each.id())
                            .put("logprob", number(each.logprob()))
                            .build());
        }
        return new JsonArray(List.copyOf(ranked));
    }

    /// The shortest decimal that reads back as the same float. JSON has no infinity: the impossible
    /// is the least probable that can be said.
    private static JsonNumber number(float logprob) {
        return JsonNumber.of(Float.toString(Float.isFinite(logprob) ? logprob : -Float.MAX_VALUE));
    }
}
