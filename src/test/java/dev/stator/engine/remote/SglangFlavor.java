package dev.stator.engine.remote;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.StopConditions;
import dev.stator.engine.TokenLogprobs;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// SGLang's `/generate`, as `GenerateReqInput` and the tokenizer manager of its sources have it.
///
/// @param incremental whether an event holds only what is new
record SglangFlavor(boolean incremental) implements Flavor {

    @Override
    public Map<String, String> facts(EngineInfo info) {
        String server =
                """
                {"model_path": "/models/x", "served_model_name": "%s", "context_length": null,
                 "page_size": %d, "chunked_prefill_size": %d, "max_prefill_tokens": 16384,
                 "max_running_requests": %d, "max_total_num_tokens": %d, "version": "0.5.6",
                 "internal_states": [{}]}
                """
                        .formatted(
                                info.model(),
                                info.blockSizeTokens(),
                                info.maxBatchTokens(),
                                info.maxSequences(),
                                info.blockSizeTokens() * info.totalBlocks());
        String path = incremental ? "/server_info" : "/get_server_info";
        return Map.of(path, server, "/v1/models", Flavor.models(info));
    }

    @Override
    public String path() {
        return "/generate";
    }

    @Override
    public GenerationRequest request(JsonField body) {
        JsonField sampling = body.get("sampling_params");
        var stops =
                new StopConditions(
                        sampling.get("max_new_tokens").integer(1, 1 << 30),
                        sampling.get("min_new_tokens").integer(0, 1 << 30),
                        Flavor.set(sampling.get("stop_token_ids")));
        GenerationRequest request =
                Flavor.request(
                        body.get("rid").string(),
                        Flavor.ids(body.get("input_ids")),
                        stops,
                        sampling.get("sampling_seed").integer(Long.MIN_VALUE, Long.MAX_VALUE),
                        Flavor.number(body.get("top_logprobs_num")));
        return Flavor.salted(
                request, body.get("extra_key").optional().map(JsonField::string).orElse(""));
    }

    @Override
    public Answer answer(GenerationRequest request, JsonField body) {
        return new SglangWriter(request);
    }

    /// Keeps what was said, to say it again.
    private final class SglangWriter implements Answer {
        private final GenerationRequest request;
        private final List<GeneratedToken> said = new ArrayList<>();
        private int cached;

        SglangWriter(GenerationRequest request) {
            this.request = request;
        }

        @Override
        public List<String> start(int cachedTokens) {
            cached = cachedTokens;
            return List.of();
        }

        @Override
        public List<String> tokens(List<GeneratedToken> tokens, Optional<Finished> end) {
            said.addAll(tokens);
            List<GeneratedToken> shown = incremental ? tokens : said;
            var meta =
                    new JsonObjectBuilder()
                            .put("id", request.id())
                            .put("prompt_tokens", request.prompt().size())
                            .put("completion_tokens", said.size())
                            .put("cached_tokens", cached);
            end.ifPresentOrElse(
                    it -> meta.put("finish_reason", finish(it)),
                    () -> meta.putNull("finish_reason"));
            if (request.topLogprobs().isPresent()) {
                meta.putAll("output_token_logprobs", shown.stream().map(this::sampled).toList());
                meta.putAll("output_top_logprobs", shown.stream().map(this::top).toList());
            }
            return List.of(
                    Flavor.json(
                            new JsonObjectBuilder()
                                    .put("text", "x")
                                    .putNumbers(
                                            "output_ids",
                                            shown.stream().mapToInt(GeneratedToken::id).toArray())
                                    .put("meta_info", meta.build())
                                    .build()));
        }

        private JsonValue finish(Finished end) {
            return new JsonObjectBuilder().put("type", Flavor.reason(end.reason())).build();
        }

        private JsonArray sampled(GeneratedToken token) {
            return triple(token.logprobs().orElseThrow().logprob(), token.id());
        }

        private JsonArray top(GeneratedToken token) {
            List<TokenLogprobs.Candidate> top = token.logprobs().orElseThrow().top();
            return new JsonArray(
                    top.stream().<JsonValue>map(it -> triple(it.logprob(), it.id())).toList());
        }

        private JsonArray triple(double logprob, int id) {
            return new JsonArray(List.of(JsonNumber.of(logprob), JsonNumber.of(id), JsonNull.NULL));
        }
    }
}
