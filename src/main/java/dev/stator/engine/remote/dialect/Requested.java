package dev.stator.engine.remote.dialect;

import dev.stator.engine.SamplingParams;
import dev.stator.engine.TokenLogprobs;
import dev.stator.engine.TokenLogprobs.Candidate;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.tokens.TokenIds;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Pieces of requests and answers that the dialects have in common.
final class Requested {
    private Requested() {}

    static JsonArray ids(TokenIds ids) {
        return numbers(Arrays.stream(ids.toArray()));
    }

    static JsonArray sorted(Collection<Integer> ids) {
        return numbers(ids.stream().mapToInt(Integer::intValue).sorted());
    }

    private static JsonArray numbers(IntStream numbers) {
        return new JsonArray(numbers.mapToObj(Requested::number).toList());
    }

    private static JsonValue number(int number) {
        return JsonNumber.of(number);
    }

    /// Added to logits, by token id as text and in the order of the ids.
    static JsonObject logitBias(SamplingParams sampling) {
        var bias = new JsonObjectBuilder();
        new TreeMap<>(sampling.logitBias()).forEach((id, value) -> bias.put("" + id, value));
        return bias.build();
    }

    /// Adds what vLLM and SGLang call by the same names; no `top_k` is -1 there.
    static JsonObjectBuilder putSampling(JsonObjectBuilder json, SamplingParams sampling) {
        return json.put("temperature", sampling.temperature())
                .put("top_k", sampling.topK() == 0 ? -1 : sampling.topK())
                .put("top_p", sampling.topP())
                .put("min_p", sampling.minP())
                .put("frequency_penalty", sampling.frequencyPenalty())
                .put("presence_penalty", sampling.presencePenalty())
                .put("repetition_penalty", sampling.repetitionPenalty());
    }

    static int tokenId(JsonField field) {
        return field.integer(0, Integer.MAX_VALUE);
    }

    /// The logprobs of one token with the likeliest `top` of the candidates.
    static TokenLogprobs logprobs(double logprob, List<Candidate> candidates, int top) {
        Comparator<Candidate> order = Comparator.comparingDouble(it -> -it.logprob());
        return new TokenLogprobs(
                (float) logprob,
                candidates.stream()
                        .sorted(order.thenComparingInt(Candidate::id))
                        .limit(top)
                        .toList());
    }
}
