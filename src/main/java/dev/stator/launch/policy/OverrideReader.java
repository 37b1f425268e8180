package dev.stator.launch.policy;

import dev.stator.platform.codec.JsonField;
import dev.stator.routing.hints.ConfigOverrides;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// Reads what the router does otherwise for a class, by the names that requests have for it.
final class OverrideReader {
    private static final String CREDIT = "overlap_score_credit";
    private static final String SCALE = "prefill_load_scale";
    private static final String TEMPERATURE = "router_temperature";
    private static final String REUSE = "assume_kv_reuse";
    private static final String TRACK = "track_prefill_tokens";
    private static final Set<String> NAMES = Set.of(CREDIT, SCALE, TEMPERATURE, REUSE, TRACK);

    private OverrideReader() {}

    /// Throws `JsonFieldException` that names the field.
    static ConfigOverrides read(JsonField override) {
        if (!override.isPresent()) {
            return ConfigOverrides.NONE;
        }
        Fields.requireKnown(override, NAMES, Set.of());
        return new ConfigOverrides(
                Fields.decimal(override.get(CREDIT), false),
                Fields.decimal(override.get(SCALE), false),
                Fields.decimal(override.get(TEMPERATURE), false),
                OptionalDouble.empty(),
                truth(override.get(REUSE)),
                truth(override.get(TRACK)));
    }

    private static Optional<Boolean> truth(JsonField field) {
        return field.optional().map(JsonField::bool);
    }
}
