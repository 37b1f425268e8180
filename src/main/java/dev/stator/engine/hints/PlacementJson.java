package dev.stator.engine.hints;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/// Taints and overrides as Dynamo spells them in JSON, the same from clients and between processes:
/// `routing_constraints` and `router_config_override`. Reading throws `JsonFieldException`.
public final class PlacementJson {
    private static final int NAMES_MAX = 64;
    private static final int NAME_CHARS_MAX = 256;
    private static final int WEIGHT_MAX = 1_000;
    private static final String REQUIRED = "required_taints";
    private static final String PREFERRED = "preferred_taints";
    private static final String CREDIT = "overlap_score_credit";
    private static final String LEGACY_WEIGHT = "overlap_score_weight";
    private static final String SCALE = "prefill_load_scale";
    private static final String TEMPERATURE = "router_temperature";
    private static final String SHARED = "shared_cache_multiplier";
    private static final String REUSE = "assume_kv_reuse";
    private static final String TRACK = "track_prefill_tokens";

    private PlacementJson() {}

    /// A list of names; empty when the field is missing.
    public static Set<String> names(JsonField field) {
        if (!field.isPresent()) {
            return Set.of();
        }
        List<JsonField> items = field.items();
        if (items.size() > NAMES_MAX) {
            throw field.invalid("must have at most " + NAMES_MAX + " entries");
        }
        Set<String> names = new HashSet<>();
        items.forEach(item -> names.add(name(item)));
        return names;
    }

    public static TaintRules taints(JsonField rules) {
        if (!rules.isPresent()) {
            return TaintRules.NONE;
        }
        Map<String, Double> preferred = new TreeMap<>();
        JsonField weights = rules.get(PREFERRED);
        if (weights.isPresent()) {
            weights.members().forEach((taint, weight) -> preferred.put(taint, weight(weight)));
        }
        if (preferred.size() > NAMES_MAX) {
            throw weights.invalid("must have at most " + NAMES_MAX + " members");
        }
        return new TaintRules(names(rules.get(REQUIRED)), preferred);
    }

    public static JsonObject write(TaintRules rules) {
        Map<String, JsonValue> preferred = new TreeMap<>();
        rules.preferred().forEach((taint, weight) -> preferred.put(taint, JsonNumber.of(weight)));
        return new JsonObjectBuilder()
                .putStrings(REQUIRED, rules.required().stream().sorted().toList())
                .put(PREFERRED, new JsonObject(preferred))
                .build();
    }

    /// An old form has a weight of prefill blocks in place of scale and credit; 0 stands for
    /// neither.
    public static RouterOverrides overrides(JsonField override) {
        if (!override.isPresent()) {
            return RouterOverrides.NONE;
        }
        OptionalDouble weight = factor(override.get(LEGACY_WEIGHT));
        OptionalDouble noCredit = weight.orElse(1) == 0 ? weight : OptionalDouble.empty();
        return new RouterOverrides(
                first(factor(override.get(CREDIT)), noCredit),
                first(factor(override.get(SCALE)), weight),
                factor(override.get(TEMPERATURE)),
                factor(override.get(SHARED)),
                override.get(REUSE).optional().map(JsonField::bool),
                override.get(TRACK).optional().map(JsonField::bool));
    }

    public static JsonObject write(RouterOverrides overrides) {
        var json = new JsonObjectBuilder();
        overrides.overlapScoreCredit().ifPresent(it -> json.put(CREDIT, it));
        overrides.prefillLoadScale().ifPresent(it -> json.put(SCALE, it));
        overrides.temperature().ifPresent(it -> json.put(TEMPERATURE, it));
        overrides.sharedCacheMultiplier().ifPresent(it -> json.put(SHARED, it));
        overrides.assumeKvReuse().ifPresent(it -> json.put(REUSE, it));
        overrides.trackPrefillTokens().ifPresent(it -> json.put(TRACK, it));
        return json.build();
    }

    private static String name(JsonField item) {
        String name = item.string();
        if (name.isEmpty() || name.length() > NAME_CHARS_MAX) {
            throw item.invalid("must have 1 to " + NAME_CHARS_MAX + " characters");
        }
        return name;
    }

    private static double weight(JsonField field) {
        double weight = field.number();
        if (Math.abs(weight) > WEIGHT_MAX) {
            throw field.invalid("must be in [-" + WEIGHT_MAX + ", " + WEIGHT_MAX + "]");
        }
        return weight;
    }

    private static OptionalDouble factor(JsonField field) {
        if (!field.isPresent()) {
            return OptionalDouble.empty();
        }
        if (field.number() < 0) {
            throw field.invalid("must not be negative");
        }
        return OptionalDouble.of(field.number());
    }

    private static OptionalDouble first(OptionalDouble one, OptionalDouble other) {
        return one.isPresent() ? one : other;
    }
}
