package dev.stator.engine.remote.dialect;

import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.TokenLogprobs;
import dev.stator.engine.TokenLogprobs.Candidate;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// OpenAI's completions as vLLM extends them: token ids go in and come out.
///
/// `ignore_eos` is always set, because the stop tokens of a request hold the model's own where they
/// are wanted. Servers before vLLM 0.10.2 do not return token ids and are refused. How much of the
/// prompt was cached is told at the end only, and only by a server started with
/// `--enable-prompt-tokens-details`.
///
/// @param model the name the server serves
public record VllmDialect(String model) implements Dialect {
    public static final String NAME = "vllm";
    private static final String RANK_HEADER = "x-data-parallel-rank";
    private static final String TOKEN_ID = "token_id:";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String path() {
        return "/v1/completions";
    }

    @Override
    public Optional<String> unsupported(GenerationRequest request) {
        return Optional.empty();
    }

    @Override
    public JsonObject body(GenerationRequest request, String wireId, int maxTokens) {
        SamplingParams sampling = request.sampling();
        String lora = request.namespace().loraName();
        String salt = request.namespace().cacheSalt();
        var body =
                new JsonObjectBuilder()
                        .put("model", lora.isEmpty() ? model : lora)
                        .put("prompt", Requested.ids(request.prompt()))
                        .put("stream", true)
                        .put(
                                "stream_options",
                                new JsonObjectBuilder().put("include_usage", true).build())
                        .put("return_token_ids", true)
                        .put("skip_special_tokens", false)
                        .put("max_tokens", maxTokens)
                        .put("min_tokens", Math.min(request.stops().minTokens(), maxTokens))
                        .put("ignore_eos", true)
                        .put("stop_token_ids", Requested.sorted(request.stops().stopTokenIds()));
        Requested.putSampling(body, sampling).put("seed", sampling.seed());
        if (!sampling.logitBias().isEmpty()) {
            body.put("logit_bias", Requested.logitBias(sampling));
        }
        if (request.topLogprobs().isPresent()) {
            body.put("logprobs", request.topLogprobs().getAsInt());
            body.put("return_tokens_as_token_ids", true);
        }
        if (!salt.isEmpty()) {
            body.put("cache_salt", salt);
        }
        return body.build();
    }

    @Override
    public Map<String, String> headers(GenerationRequest request) {
        return request.rank().isPresent()
                ? Map.of(RANK_HEADER, Integer.toString(request.rank().getAsInt()))
                : Map.of();
    }

    @Override
    public boolean choosesRanks() {
        return true;
    }

    @Override
    public AnswerReader reader(GenerationRequest request, int maxTokens) {
        return new OpenAiAnswer(choice -> tokens(choice, request));
    }

    private static List<GeneratedToken> tokens(JsonField choice, GenerationRequest request) {
        Optional<JsonField> ids = choice.get("token_ids").optional();
        if (ids.isEmpty()) {
            if (choice.get("text").string().isEmpty()) {
                return List.of();
            }
            throw new AnswerException("no token_ids; vLLM 0.10.2 or later is needed");
        }
        List<GeneratedToken> tokens = new ArrayList<>();
        for (JsonField id : ids.get().items()) {
            Optional<TokenLogprobs> logprobs =
                    request.topLogprobs().isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    logprobs(
                                            choice.get("logprobs"),
                                            tokens.size(),
                                            request.topLogprobs().getAsInt()));
            tokens.add(new GeneratedToken(Requested.tokenId(id), logprobs));
        }
        return tokens;
    }

    /// The candidates are the likeliest and, where it is not among them, the sampled one.
    private static TokenLogprobs logprobs(JsonField logprobs, int index, int top) {
        List<JsonField> sampled = logprobs.get("token_logprobs").items();
        List<JsonField> alternatives = logprobs.get("top_logprobs").items();
        if (index >= sampled.size() || index >= alternatives.size()) {
            throw new AnswerException("fewer logprobs than tokens");
        }
        List<Candidate> candidates = new ArrayList<>();
        alternatives
                .get(index)
                .members()
                .forEach(
                        (token, logprob) ->
                                candidates.add(new Candidate(id(token), (float) logprob.number())));
        return Requested.logprobs(sampled.get(index).number(), candidates, top);
    }

    private static int id(String token) {
        if (!token.matches(TOKEN_ID + "[0-9]{1,9}")) {
            throw new AnswerException("not of the form token_id:N");
        }
        return Integer.parseInt(token.substring(TOKEN_ID.length()));
    }
}
