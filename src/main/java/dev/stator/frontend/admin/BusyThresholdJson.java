package dev.stator.frontend.admin;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.routing.eligibility.BusyThresholds;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Busy thresholds as Dynamo's `/busy_threshold` spells them; `null` is one that never holds.
final class BusyThresholdJson {
    private static final String BLOCKS = "active_decode_blocks_threshold";
    private static final String TOKENS = "active_prefill_tokens_threshold";
    private static final String FRACTION = "active_prefill_tokens_threshold_frac";

    private BusyThresholdJson() {}

    static JsonObject write(String model, BusyThresholds thresholds) {
        return new JsonObjectBuilder()
                .put("model", model)
                .put(BLOCKS, number(thresholds.activeDecodeBlocks()))
                .put(TOKENS, number(thresholds.activePrefillTokens()))
                .put(FRACTION, number(thresholds.activePrefillTokensFraction()))
                .build();
    }

    /// Throws `JsonFieldException` for a wrong type, `IllegalArgumentException` for a wrong value;
    /// both name the member and what it is.
    static BusyThresholds read(JsonField json) {
        JsonField blocks = json.get(BLOCKS);
        JsonField tokens = json.get(TOKENS);
        JsonField fraction = json.get(FRACTION);
        return new BusyThresholds(
                decimal(blocks, 1, "must be between 0.0 and 1.0"),
                tokens.isPresent()
                        ? OptionalLong.of(tokens.integer(0, Long.MAX_VALUE))
                        : OptionalLong.empty(),
                decimal(fraction, Double.MAX_VALUE, "must not be negative"));
    }

    private static OptionalDouble decimal(JsonField field, double max, String rule) {
        if (!field.isPresent()) {
            return OptionalDouble.empty();
        }
        double value = field.number();
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(field.invalid(rule).getMessage());
        }
        return OptionalDouble.of(value);
    }

    private static JsonValue number(OptionalDouble value) {
        return value.isPresent() ? JsonNumber.of(value.getAsDouble()) : JsonNull.NULL;
    }

    private static JsonValue number(OptionalLong value) {
        return value.isPresent() ? JsonNumber.of(value.getAsLong()) : JsonNull.NULL;
    }
}
