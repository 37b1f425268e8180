package dev.stator.model;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads `config.json`, in the spellings of transformers 4 and 5, and refuses every option under
/// which our forward pass would compute something else.
final class ConfigReader {
    private static final int LAYERS_MAX = 1_000;
    private static final int WIDTH_MAX = 1 << 20;
    private static final int HEADS_MAX = 1 << 14;
    private static final int HEAD_DIM_MAX = 1_024;
    private static final int VOCABULARY_MAX = 1 << 24;
    private static final int POSITIONS_MAX = 1 << 28;
    private static final int QWEN3_HEAD_DIM = 128;
    private static final double EPS_DEFAULT = 1e-6;
    private static final double THETA_DEFAULT = 10_000;
    private static final JsonField NO_ROPE = JsonField.root(JsonValue.JsonObject.EMPTY);

    private final JsonField config;

    private ConfigReader(JsonField config) {
        this.config = config;
    }

    static ModelConfig read(JsonField config) {
        return new ConfigReader(config).read();
    }

    private ModelConfig read() {
        ModelFamily family = family();
        refuseOtherArithmetic();
        int heads = size("num_attention_heads", HEADS_MAX);
        int hidden = size("hidden_size", WIDTH_MAX);
        return new ModelConfig(
                family,
                size("num_hidden_layers", LAYERS_MAX),
                hidden,
                size("intermediate_size", WIDTH_MAX),
                heads,
                keyValueHeads(heads),
                headDim(family, hidden, heads),
                size("vocab_size", VOCABULARY_MAX),
                size("max_position_embeddings", POSITIONS_MAX),
                config.get("rms_norm_eps").optional().map(ConfigReader::eps).orElse(EPS_DEFAULT),
                ropeTheta(),
                ropeScaling(),
                config.get("tie_word_embeddings").optional().map(JsonField::bool).orElse(false));
    }

    private ModelFamily family() {
        JsonField architectures = config.get("architectures");
        if (!architectures.isPresent()) {
            return switch (config.get("model_type").string()) {
                case "qwen3" -> ModelFamily.QWEN3;
                case "llama" -> ModelFamily.LLAMA;
                default -> throw config.get("model_type").invalid("must be \"qwen3\" or \"llama\"");
            };
        }
        List<String> names = architectures.items().stream().map(JsonField::string).toList();
        return switch (names.size() == 1 ? names.getFirst() : "") {
            case "Qwen3ForCausalLM" -> ModelFamily.QWEN3;
            case "LlamaForCausalLM" -> ModelFamily.LLAMA;
            default ->
                    throw architectures.invalid(
                            "must be [\"Qwen3ForCausalLM\"] or [\"LlamaForCausalLM\"]");
        };
    }

    private void refuseOtherArithmetic() {
        for (String flag : List.of("attention_bias", "mlp_bias", "use_sliding_window")) {
            if (config.get(flag).optional().map(JsonField::bool).orElse(false)) {
                throw config.get(flag).invalid("is not supported");
            }
        }
        for (String section : List.of("quantization_config", "compression_config")) {
            if (config.get(section).isPresent()) {
                throw config.get(section)
                        .invalid("is not supported, only F32, F16, BF16 weights are");
            }
        }
        requireOneOf(config.get("hidden_act"), Set.of("silu", "swish"));
        config.get("layer_types")
                .optional()
                .ifPresent(
                        types ->
                                types.items()
                                        .forEach(t -> requireOneOf(t, Set.of("full_attention"))));
    }

    /// A missing field is the default, which every set contains.
    private static void requireOneOf(JsonField field, Set<String> supported) {
        if (field.isPresent() && !supported.contains(field.string())) {
            throw field.invalid(
                    "is not supported, only " + String.join(" and ", supported) + " is");
        }
    }

    private int keyValueHeads(int heads) {
        JsonField field = config.get("num_key_value_heads");
        int keyValueHeads = field.integerOr(heads, 1, HEADS_MAX);
        if (heads % keyValueHeads != 0) {
            throw field.invalid("must divide num_attention_heads, which is " + heads);
        }
        return keyValueHeads;
    }

    private int headDim(ModelFamily family, int hidden, int heads) {
        JsonField field = config.get("head_dim");
        if (field.isPresent()) {
            return even(field, field.integer(2, HEAD_DIM_MAX));
        }
        if (family == ModelFamily.QWEN3) {
            return QWEN3_HEAD_DIM;
        }
        if (hidden % heads != 0 || hidden / heads > HEAD_DIM_MAX) {
            throw field.invalid("must be given for hidden_size " + hidden + ", heads " + heads);
        }
        return even(field, hidden / heads);
    }

    private static int even(JsonField field, int headDim) {
        if (headDim < 2 || headDim % 2 != 0) {
            throw field.invalid("must be an even number");
        }
        return headDim;
    }

    private double ropeTheta() {
        JsonField inside = rope().get("rope_theta");
        JsonField theta = inside.isPresent() ? inside : config.get("rope_theta");
        return theta.isPresent() ? positive(theta) : THETA_DEFAULT;
    }

    private Optional<RopeScaling> ropeScaling() {
        JsonField rope = rope();
        requireFullRotation(config.get("partial_rotary_factor"));
        requireFullRotation(rope.get("partial_rotary_factor"));
        JsonField type =
                rope.get("rope_type").isPresent() ? rope.get("rope_type") : rope.get("type");
        requireOneOf(type, Set.of("default", "llama3"));
        if (!type.isPresent() || type.string().equals("default")) {
            return Optional.empty();
        }
        double low = positive(rope.get("low_freq_factor"));
        JsonField high = rope.get("high_freq_factor");
        if (positive(high) <= low) {
            throw high.invalid("must be greater than low_freq_factor, which is " + low);
        }
        return Optional.of(
                new RopeScaling(
                        positive(rope.get("factor")),
                        low,
                        high.number(),
                        rope.get("original_max_position_embeddings").integer(1, POSITIONS_MAX)));
    }

    /// The older name wins where both stand, as in transformers; neither is an empty object.
    private JsonField rope() {
        JsonField older = config.get("rope_scaling");
        JsonField rope = older.isPresent() ? older : config.get("rope_parameters");
        if (!rope.isPresent()) {
            return NO_ROPE;
        }
        for (JsonField member : rope.members().values()) {
            if (member.isObject()) {
                throw member.invalid("is not supported: all layers must rotate alike");
            }
        }
        return rope;
    }

    private static void requireFullRotation(JsonField factor) {
        if (factor.isPresent() && factor.number() != 1) {
            throw factor.invalid("is not supported, only 1 is");
        }
    }

    private static double eps(JsonField field) {
        double eps = field.number();
        if (eps <= 0 || eps >= 1) {
            throw field.invalid("must be in (0, 1)");
        }
        return eps;
    }

    private static double positive(JsonField field) {
        double value = field.number();
        if (value <= 0) {
            throw field.invalid("must be positive");
        }
        return value;
    }

    private int size(String name, int max) {
        return config.get(name).integer(1, max);
    }
}
