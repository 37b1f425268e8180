package dev.stator.engine.remote;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.EngineInfo;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// How a kind of server talks, written down independently of the dialects under test.
interface Flavor {

    /// What the server says of itself, by path.
    Map<String, String> facts(EngineInfo info);

    /// Where generations are asked for.
    String path();

    GenerationRequest request(JsonField body);

    /// A writer for the answer to one request.
    Answer answer(GenerationRequest request, JsonField body);

    /// Writes one answer as the data of events.
    interface Answer {

        /// Events before any token.
        default List<String> start(int cachedTokens) {
            return List.of();
        }

        /// @param end present with the last of them
        List<String> tokens(List<GeneratedToken> tokens, Optional<Finished> end);

        /// Whether `[DONE]` ends the stream.
        default boolean isDoneSaid() {
            return true;
        }
    }

    /// `{"error": …}` as most servers say it.
    static String error(EngineFailure failure) {
        var error =
                new JsonObjectBuilder()
                        .put("message", failure.message())
                        .put("type", failure.kind().toString().toLowerCase(Locale.ROOT))
                        .put("code", status(failure.kind()));
        return json(new JsonObjectBuilder().put("error", error.build()).build());
    }

    static int status(FailureKind kind) {
        return switch (kind) {
            case INVALID_REQUEST -> 400;
            case OVERLOADED -> 503;
            case UNAVAILABLE -> 502;
            case TIMED_OUT -> 504;
            case INTERNAL -> 500;
        };
    }

    static String json(JsonObject object) {
        return Json.write(object);
    }

    static String reason(FinishReason reason) {
        return reason == FinishReason.STOP ? "stop" : "length";
    }

    static String models(EngineInfo info) {
        return """
        {"object": "list", "data": [
          {"id": "%s", "object": "model", "owned_by": "someone", "max_model_len": %d},
          {"id": "an-adapter", "object": "model", "parent": "%s", "max_model_len": null}]}
        """
                .formatted(info.model(), info.contextLengthTokens(), info.model());
    }

    static TokenIds ids(JsonField array) {
        return TokenIds.of(array.items().stream().mapToInt(it -> it.integer(0, 1 << 30)).toArray());
    }

    static Set<Integer> set(JsonField array) {
        return array.items().stream().map(it -> it.integer(0, 1 << 30)).collect(Collectors.toSet());
    }

    static OptionalInt number(JsonField field) {
        return field.optional()
                .map(it -> OptionalInt.of(it.integer(0, 1 << 30)))
                .orElse(OptionalInt.empty());
    }

    static GenerationRequest request(
            String id, TokenIds prompt, StopConditions stops, long seed, OptionalInt top) {
        var sampling = new SamplingParams(0, 0, 1, 0, 0, 0, 1, seed, Map.of());
        return new GenerationRequest(id, prompt, sampling, stops, top, CacheNamespace.SHARED);
    }

    static GenerationRequest salted(GenerationRequest request, String salt) {
        return new GenerationRequest(
                request.id(),
                request.prompt(),
                request.sampling(),
                request.stops(),
                request.topLogprobs(),
                new CacheNamespace("", salt));
    }
}
