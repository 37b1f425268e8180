package dev.stator.openai.protocol;

import dev.stator.platform.codec.JsonField;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// How the client wants tokens to be chosen. Absent means the model's default.
///
/// @param topK 0 and -1 mean all tokens
public record SamplingFields(
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalInt topK,
        OptionalDouble minP,
        OptionalDouble frequencyPenalty,
        OptionalDouble presencePenalty,
        OptionalDouble repetitionPenalty,
        OptionalLong seed,
        Map<Integer, Double> logitBias) {
    static final int LOGIT_BIAS_MAX = 1_024;

    public SamplingFields {
        logitBias = Map.copyOf(logitBias);
    }

    static SamplingFields parse(JsonField body) {
        return new SamplingFields(
                decimal(body.get("temperature"), 0, 2),
                aboveZero(body.get("top_p"), 1),
                body.get("top_k").isPresent()
                        ? OptionalInt.of(body.get("top_k").integer(-1, Integer.MAX_VALUE))
                        : OptionalInt.empty(),
                decimal(body.get("min_p"), 0, 1),
                decimal(body.get("frequency_penalty"), -2, 2),
                decimal(body.get("presence_penalty"), -2, 2),
                aboveZero(body.get("repetition_penalty"), 10),
                body.get("seed").isPresent()
                        ? OptionalLong.of(body.get("seed").integer(Long.MIN_VALUE, Long.MAX_VALUE))
                        : OptionalLong.empty(),
                logitBias(body.get("logit_bias")));
    }

    private static Map<Integer, Double> logitBias(JsonField field) {
        if (!field.isPresent()) {
            return Map.of();
        }
        Map<String, JsonField> members = field.members();
        if (members.size() > LOGIT_BIAS_MAX) {
            throw new InvalidRequest(
                    "'logit_bias' must have at most %d entries: %d"
                            .formatted(LOGIT_BIAS_MAX, members.size()),
                    field.path(),
                    "");
        }
        Map<Integer, Double> bias = new HashMap<>();
        members.forEach((key, value) -> bias.put(tokenId(key, value), within(value, -100, 100)));
        return bias;
    }

    private static int tokenId(String key, JsonField value) {
        if (!key.matches("[0-9]{1,9}")) {
            throw value.invalid("must be named by a token id");
        }
        return Integer.parseInt(key);
    }

    private static OptionalDouble decimal(JsonField field, double min, double max) {
        return field.isPresent()
                ? OptionalDouble.of(within(field, min, max))
                : OptionalDouble.empty();
    }

    private static OptionalDouble aboveZero(JsonField field, double max) {
        if (!field.isPresent()) {
            return OptionalDouble.empty();
        }
        double value = field.number();
        if (value <= 0 || value > max) {
            throw field.invalid("must be in (0, " + shown(max) + "]");
        }
        return OptionalDouble.of(value);
    }

    private static double within(JsonField field, double min, double max) {
        double value = field.number();
        if (value < min || value > max) {
            throw field.invalid("must be in [" + shown(min) + ", " + shown(max) + "]");
        }
        return value;
    }

    private static String shown(double bound) {
        return Integer.toString((int) bound);
    }
}
