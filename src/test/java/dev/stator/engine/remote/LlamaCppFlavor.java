package dev.stator.engine.remote;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.StopConditions;
import dev.stator.engine.TokenLogprobs;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// llama.cpp's `/completion`, as its server's README and `server-task.cpp` have it: progress events
/// with a token 0 that is none, one token per event, a last event without tokens, no `[DONE]`, and
/// no stop tokens but the model's own, of which this one has none.
final class LlamaCppFlavor implements Flavor {
    private final AtomicInteger uncached = new AtomicInteger();

    @Override
    public Map<String, String> facts(EngineInfo info) {
        String props =
                """
                {"default_generation_settings": {"n_ctx": %d}, "total_slots": %d,
                 "model_alias": "%s", "build_info": "b7000-abc"}
                """
                        .formatted(info.contextLengthTokens(), info.maxSequences(), info.model());
        return Map.of("/props", props, "/v1/models", "{\"data\": [{\"id\": \"/models/x.gguf\"}]}");
    }

    @Override
    public String path() {
        return "/completion";
    }

    @Override
    public GenerationRequest request(JsonField body) {
        var stops = new StopConditions(body.get("n_predict").integer(1, 1 << 30), 0, Set.of());
        OptionalInt top = Flavor.number(body.get("n_probs"));
        GenerationRequest request =
                Flavor.request(
                        "llama",
                        Flavor.ids(body.get("prompt")),
                        stops,
                        body.get("seed").integer(0, 0xFFFF_FFFEL),
                        top);
        boolean caches = body.get("cache_prompt").bool();
        return caches ? request : Flavor.salted(request, "none " + uncached.incrementAndGet());
    }

    @Override
    public Answer answer(GenerationRequest request, JsonField body) {
        return new LlamaCppWriter(request.prompt().size());
    }

    /// Counts what was said.
    private static final class LlamaCppWriter implements Answer {
        private final int promptTokens;
        private int said;

        LlamaCppWriter(int promptTokens) {
            this.promptTokens = promptTokens;
        }

        @Override
        public boolean isDoneSaid() {
            return false;
        }

        @Override
        public List<String> start(int cachedTokens) {
            var progress =
                    new JsonObjectBuilder()
                            .put("total", promptTokens)
                            .put("cache", cachedTokens)
                            .put("processed", promptTokens)
                            .put("time_ms", 1);
            return List.of(Flavor.json(event(0).put("prompt_progress", progress.build()).build()));
        }

        private JsonObjectBuilder event(int id) {
            return new JsonObjectBuilder()
                    .put("index", 0)
                    .put("content", "x")
                    .putNumbers("tokens", new int[] {id})
                    .put("stop", false)
                    .put("tokens_predicted", said)
                    .put("tokens_evaluated", promptTokens);
        }

        @Override
        public List<String> tokens(List<GeneratedToken> tokens, Optional<Finished> end) {
            List<String> events = new ArrayList<>();
            for (GeneratedToken token : tokens) {
                said++;
                JsonObjectBuilder event = event(token.id());
                token.logprobs()
                        .ifPresent(
                                it ->
                                        event.putAll(
                                                "completion_probabilities",
                                                List.of(probabilities(token.id(), it))));
                events.add(Flavor.json(event.build()));
            }
            end.ifPresent(it -> events.add(last(it)));
            return events;
        }

        private static JsonObject probabilities(int id, TokenLogprobs logprobs) {
            return new JsonObjectBuilder()
                    .put("id", id)
                    .put("logprob", (double) logprobs.logprob())
                    .putAll(
                            "top_logprobs",
                            logprobs.top().stream()
                                    .map(
                                            it ->
                                                    new JsonObjectBuilder()
                                                            .put("id", it.id())
                                                            .put("logprob", (double) it.logprob())
                                                            .build())
                                    .toList())
                    .build();
        }

        private String last(Finished end) {
            var timings =
                    new JsonObjectBuilder().put("cache_n", end.usage().cachedTokens()).build();
            boolean stopped = end.reason() == FinishReason.STOP;
            return Flavor.json(
                    new JsonObjectBuilder()
                            .put("index", 0)
                            .put("content", "")
                            .putNumbers("tokens", new int[0])
                            .put("stop", true)
                            .put("tokens_predicted", said)
                            .put("stop_type", stopped ? "eos" : "limit")
                            .put("timings", timings)
                            .build());
        }
    }
}
