package dev.stator.engine.wire;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.tokens.TokenIds;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/// A generation request as Dynamo's `PreprocessedRequest`.
///
/// What Dynamo has no member for travels in `extra_args`: `logit_bias`. Members that are missing
/// or null take the values an OpenAI request without them has. What no engine of ours can do, such
/// as guided decoding, is refused rather than ignored.
final class PreprocessedRequestJson {
    private static final int TOP_LOGPROBS_MAX = 128;
    private static final int TOKEN_ID_MAX = Integer.MAX_VALUE;
    private static final String LOGIT_BIAS = "logit_bias";

    private PreprocessedRequestJson() {}

    static JsonObject write(String model, GenerationRequest request) {
        StopConditions stops = request.stops();
        String adapter = request.namespace().loraName();
        var json =
                new JsonObjectBuilder()
                        .put("model", adapter.isEmpty() ? model : adapter)
                        .putNumbers("token_ids", request.prompt().toArray())
                        .put("stop_conditions", stops(stops))
                        .put("sampling_options", sampling(request.sampling()))
                        .put("output_options", output(request.topLogprobs()))
                        .put("eos_token_ids", ids(stops))
                        .putNull("mdc_sum");
        RoutingMembers.write(json, request);
        Map<Integer, Double> bias = request.sampling().logitBias();
        if (!bias.isEmpty()) {
            json.put("extra_args", new JsonObjectBuilder().put(LOGIT_BIAS, bias(bias)).build());
        }
        return json.build();
    }

    static GenerationRequest read(String id, JsonField json) {
        requireSupported(json);
        return new GenerationRequest(
                id,
                prompt(json.get("token_ids")),
                sampling(
                        id,
                        json.objectOrEmpty("sampling_options"),
                        json.objectOrEmpty("extra_args")),
                stops(json.objectOrEmpty("stop_conditions"), json.get("eos_token_ids")),
                topLogprobs(json.objectOrEmpty("output_options").get("logprobs")),
                RoutingMembers.namespace(json),
                RoutingMembers.hints(json));
    }

    private static JsonObject stops(StopConditions stops) {
        return new JsonObjectBuilder()
                .put("max_tokens", stops.maxTokens())
                .putNull("stop")
                .put("stop_token_ids_hidden", ids(stops))
                .put("min_tokens", stops.minTokens())
                .put("ignore_eos", stops.stopTokenIds().isEmpty())
                .putNull("max_thinking_tokens")
                .build();
    }

    private static JsonObject sampling(SamplingParams sampling) {
        return new JsonObjectBuilder()
                .putNulls("n", "best_of")
                .put("presence_penalty", sampling.presencePenalty())
                .put("frequency_penalty", sampling.frequencyPenalty())
                .put("repetition_penalty", sampling.repetitionPenalty())
                .put("temperature", sampling.temperature())
                .put("top_p", sampling.topP())
                .put("top_k", sampling.topK() == 0 ? -1 : sampling.topK())
                .put("min_p", sampling.minP())
                .putNulls("use_beam_search", "length_penalty")
                .put("seed", sampling.seed())
                .putNulls("include_stop_str_in_output", "guided_decoding")
                .build();
    }

    private static JsonObject output(OptionalInt topLogprobs) {
        var json = new JsonObjectBuilder();
        topLogprobs.ifPresentOrElse(it -> json.put("logprobs", it), () -> json.putNull("logprobs"));
        return json.putNulls("prompt_logprobs", "skip_special_tokens", "formatted_prompt").build();
    }

    private static JsonValue ids(StopConditions stops) {
        return new JsonArray(
                stops.stopTokenIds().stream()
                        .sorted()
                        .map(it -> (JsonValue) JsonNumber.of(it))
                        .toList());
    }

    private static JsonObject bias(Map<Integer, Double> bias) {
        Map<String, JsonValue> members = new TreeMap<>();
        bias.forEach((token, added) -> members.put(token.toString(), JsonNumber.of(added)));
        return new JsonObject(members);
    }

    private static void requireSupported(JsonField json) {
        JsonField sampling = json.objectOrEmpty("sampling_options");
        for (JsonField field :
                List.of(
                        json.get("prompt_embeds"),
                        json.get("multi_modal_data"),
                        sampling.get("guided_decoding"))) {
            if (field.isPresent()) {
                throw field.invalid("is not supported");
            }
        }
        JsonField beams = sampling.get("use_beam_search");
        if (beams.isPresent() && beams.bool()) {
            throw beams.invalid("is not supported");
        }
        sampling.get("n").integerOr(1, 1, 1);
        sampling.get("best_of").integerOr(1, 1, 1);
    }

    private static TokenIds prompt(JsonField json) {
        int[] ids = json.integers(0, TOKEN_ID_MAX);
        if (ids.length == 0) {
            throw json.invalid("must not be empty");
        }
        return TokenIds.owning(ids);
    }

    private static SamplingParams sampling(String id, JsonField json, JsonField extra) {
        return new SamplingParams(
                number(json.get("temperature"), 1),
                Math.max(0, json.get("top_k").integerOr(0, -1, Integer.MAX_VALUE)),
                number(json.get("top_p"), 1),
                number(json.get("min_p"), 0),
                number(json.get("frequency_penalty"), 0),
                number(json.get("presence_penalty"), 0),
                number(json.get("repetition_penalty"), 1),
                json.get("seed").integerOr(id.hashCode(), Long.MIN_VALUE, Long.MAX_VALUE),
                bias(extra.objectOrEmpty(LOGIT_BIAS)));
    }

    private static Map<Integer, Double> bias(JsonField json) {
        Map<Integer, Double> bias = new HashMap<>();
        json.members()
                .forEach(
                        (token, added) -> {
                            if (!token.matches("[0-9]{1,9}")) {
                                throw json.invalid("must have token ids as names, not " + token);
                            }
                            bias.put(Integer.parseInt(token), added.number());
                        });
        return bias;
    }

    private static StopConditions stops(JsonField json, JsonField eos) {
        Set<Integer> ids = new HashSet<>();
        JsonField ignoreEos = json.get("ignore_eos");
        if (!ignoreEos.isPresent() || !ignoreEos.bool()) {
            addTo(ids, eos);
        }
        addTo(ids, json.get("stop_token_ids_hidden"));
        addTo(ids, json.get("stop_token_ids"));
        int most = json.get("max_tokens").integerOr(Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
        return new StopConditions(most, json.get("min_tokens").integerOr(0, 0, most), ids);
    }

    private static void addTo(Set<Integer> ids, JsonField list) {
        if (list.isPresent()) {
            list.items().forEach(it -> ids.add(it.integer(0, TOKEN_ID_MAX)));
        }
    }

    private static OptionalInt topLogprobs(JsonField json) {
        return json.isPresent()
                ? OptionalInt.of(json.integer(0, TOP_LOGPROBS_MAX))
                : OptionalInt.empty();
    }

    private static double number(JsonField json, double otherwise) {
        return json.isPresent() ? json.number() : otherwise;
    }
}
