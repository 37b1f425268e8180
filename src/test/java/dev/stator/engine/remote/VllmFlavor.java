package dev.stator.engine.remote;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.StopConditions;
import dev.stator.engine.TokenLogprobs;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// vLLM's `/v1/completions`, as `CompletionRequest` and `completion_stream_generator` of its
/// sources have it: the last tokens come with the finish reason, the usage follows by itself, and
/// the sampled token is among the top logprobs even when it is not one of the likeliest.
final class VllmFlavor implements Flavor {

    @Override
    public Map<String, String> facts(EngineInfo info) {
        String metrics =
                """
                # HELP vllm:cache_config_info Information of the LLMEngine CacheConfig
                vllm:cache_config_info{block_size="%d",cache_dtype="auto",mamba_block_size="7",\
                num_gpu_blocks="%d"} 1.0
                vllm:num_requests_running{model_name="m"} 0.0
                """
                        .formatted(info.blockSizeTokens(), info.totalBlocks());
        return Map.of(
                "/version",
                "{\"version\": \"0.11.0\"}",
                "/v1/models",
                Flavor.models(info),
                "/metrics",
                metrics);
    }

    @Override
    public String path() {
        return "/v1/completions";
    }

    @Override
    public GenerationRequest request(JsonField body) {
        var stops =
                new StopConditions(
                        body.get("max_tokens").integer(1, 1 << 30),
                        body.get("min_tokens").integer(0, 1 << 30),
                        Flavor.set(body.get("stop_token_ids")));
        GenerationRequest request =
                Flavor.request(
                        "vllm",
                        Flavor.ids(body.get("prompt")),
                        stops,
                        body.get("seed").integer(Long.MIN_VALUE, Long.MAX_VALUE),
                        Flavor.number(body.get("logprobs")));
        return Flavor.salted(
                request, body.get("cache_salt").optional().map(JsonField::string).orElse(""));
    }

    @Override
    public Answer answer(GenerationRequest request, JsonField body) {
        return (tokens, end) -> {
            List<String> events = new ArrayList<>();
            events.add(chunk(request, tokens, end));
            end.ifPresent(it -> events.add(usage(it)));
            return events;
        };
    }

    private static String chunk(
            GenerationRequest request, List<GeneratedToken> tokens, Optional<Finished> end) {
        var choice =
                new JsonObjectBuilder()
                        .put("index", 0)
                        .put("text", "x".repeat(tokens.size()))
                        .putNumbers(
                                "token_ids",
                                tokens.stream().mapToInt(GeneratedToken::id).toArray());
        if (request.topLogprobs().isPresent()) {
            choice.put("logprobs", logprobs(tokens));
        }
        end.ifPresentOrElse(
                it -> choice.put("finish_reason", Flavor.reason(it.reason())),
                () -> choice.putNull("finish_reason"));
        return Flavor.json(
                new JsonObjectBuilder()
                        .put("id", "cmpl-1")
                        .put("object", "text_completion")
                        .putAll("choices", List.of(choice.build()))
                        .build());
    }

    private static JsonObject logprobs(List<GeneratedToken> tokens) {
        List<JsonObject> tops = new ArrayList<>();
        List<JsonNumber> sampled = new ArrayList<>();
        for (GeneratedToken token : tokens) {
            TokenLogprobs logprobs = token.logprobs().orElseThrow();
            sampled.add(JsonNumber.of((double) logprobs.logprob()));
            var top = new JsonObjectBuilder();
            top.put("token_id:" + token.id(), (double) logprobs.logprob());
            logprobs.top().forEach(it -> top.put("token_id:" + it.id(), (double) it.logprob()));
            tops.add(top.build());
        }
        return new JsonObjectBuilder()
                .putAll("token_logprobs", sampled)
                .putAll("top_logprobs", tops)
                .putNumbers("text_offset", IntStream.range(0, tokens.size()).toArray())
                .build();
    }

    private static String usage(Finished end) {
        var details =
                new JsonObjectBuilder().put("cached_tokens", end.usage().cachedTokens()).build();
        var usage =
                new JsonObjectBuilder()
                        .put("prompt_tokens", end.usage().promptTokens())
                        .put("completion_tokens", end.usage().outputTokens())
                        .put("prompt_tokens_details", details);
        return Flavor.json(
                new JsonObjectBuilder()
                        .putAll("choices", List.of())
                        .put("usage", usage.build())
                        .build());
    }
}
