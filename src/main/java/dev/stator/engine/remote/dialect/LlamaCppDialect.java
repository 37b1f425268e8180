package dev.stator.engine.remote.dialect;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.model.tokenizer.Tokenizer;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonBoolean;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// llama.cpp's own `/completion`: token ids go in and, nearly always, come out.
///
/// What the server cannot do is done here or refused:
/// * It knows no stop tokens but the model's own. Others are watched for here, and the server is
///   stopped behind them.
/// * It cannot hold back stop tokens for a while: a minimum between 0 and the maximum is refused.
/// * It keeps no cache apart. A request with a salt neither finds nor is found: it is run without
///   the cache. Adapters have numbers, not names, so a request for one is refused.
/// * It does not send the ids of tokens that end inside of a character; see `LlamaCppAnswer`.
/// * Its penalties look at the prompt too, and its seeds have 32 bits.
public final class LlamaCppDialect implements Dialect {
    public static final String NAME = "llama.cpp";
    private static final List<String> SAMPLERS =
            List.of("penalties", "temperature", "top_k", "top_p", "min_p");

    private final WithheldTokens withheld;

    /// @param tokenizer the model's, to tell ids that the server does not send
    public LlamaCppDialect(Tokenizer tokenizer) {
        this.withheld = new WithheldTokens(tokenizer);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String path() {
        return "/completion";
    }

    @Override
    public Optional<String> unsupported(GenerationRequest request) {
        StopConditions stops = request.stops();
        if (!request.namespace().loraName().isEmpty()) {
            return Optional.of("this engine knows no adapter by name");
        }
        if (stops.minTokens() > 0 && stops.minTokens() < stops.maxTokens()) {
            return Optional.of("this engine knows no min_tokens below max_tokens");
        }
        return Optional.empty();
    }

    @Override
    public JsonObject body(GenerationRequest request, String wireId, int maxTokens) {
        SamplingParams sampling = request.sampling();
        Set<Integer> stops = request.stops().stopTokenIds();
        boolean never = stops.isEmpty() || request.stops().minTokens() > 0;
        var body =
                new JsonObjectBuilder()
                        .put("prompt", Requested.ids(request.prompt()))
                        .put("stream", true)
                        .put("return_tokens", true)
                        .put("return_progress", true)
                        .put("cache_prompt", request.namespace().cacheSalt().isEmpty())
                        .put("n_predict", maxTokens)
                        .put("ignore_eos", never)
                        .put("logit_bias", bias(sampling, never ? stops : Set.of()))
                        .putStrings("samplers", SAMPLERS)
                        .put("mirostat", 0)
                        .put("temperature", sampling.temperature())
                        .put("top_k", sampling.topK())
                        .put("top_p", sampling.topP())
                        .put("min_p", sampling.minP())
                        .put("frequency_penalty", sampling.frequencyPenalty())
                        .put("presence_penalty", sampling.presencePenalty())
                        .put("repeat_penalty", sampling.repetitionPenalty())
                        .put("repeat_last_n", -1)
                        .put("seed", seed(sampling.seed()));
        request.topLogprobs().ifPresent(top -> body.put("n_probs", Math.max(1, top)));
        return body.build();
    }

    /// Pairs of id and bias; `false` keeps a token from being sampled.
    private static JsonArray bias(SamplingParams sampling, Set<Integer> banned) {
        List<JsonValue> pairs = new ArrayList<>();
        new TreeMap<>(sampling.logitBias())
                .forEach((id, value) -> pairs.add(pair(id, JsonNumber.of(value))));
        new TreeSet<>(banned).forEach(id -> pairs.add(pair(id, JsonBoolean.FALSE)));
        return new JsonArray(pairs);
    }

    private static JsonArray pair(int id, JsonValue value) {
        return new JsonArray(List.of(JsonNumber.of(id), value));
    }

    /// 31 bits, for the highest of 32 bits would make the server draw a seed of its own.
    private static long seed(long seed) {
        return (seed ^ (seed >>> 32)) & Integer.MAX_VALUE;
    }

    @Override
    public AnswerReader reader(GenerationRequest request, int maxTokens) {
        return new LlamaCppAnswer(request, maxTokens, withheld);
    }
}
