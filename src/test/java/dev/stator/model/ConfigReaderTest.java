package dev.stator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

class ConfigReaderTest {
    private static final String SIZES =
            """
            "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2,
            "num_attention_heads": 4, "vocab_size": 300, "max_position_embeddings": 512
            """;

    @Test
    void readsWhatQwen3Publishes() {
        ModelConfig config =
                read(
                        """
                        {"architectures": ["Qwen3ForCausalLM"], "attention_bias": false,
                         "attention_dropout": 0.0, "bos_token_id": 151643, "eos_token_id": 151645,
                         "head_dim": 128, "hidden_act": "silu", "hidden_size": 1024,
                         "intermediate_size": 3072, "max_position_embeddings": 40960,
                         "max_window_layers": 28, "model_type": "qwen3", "num_attention_heads": 16,
                         "num_hidden_layers": 28, "num_key_value_heads": 8, "rms_norm_eps": 1e-06,
                         "rope_scaling": null, "rope_theta": 1000000, "sliding_window": null,
                         "tie_word_embeddings": true, "use_sliding_window": false,
                         "vocab_size": 151936}
                        """);

        assertThat(Optional.of(config)).isEqualTo(RandomShapes.named("qwen3-0.6b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                "rope_theta": 500000.0, "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0,
                "low_freq_factor": 1.0, "original_max_position_embeddings": 8192,
                "rope_type": "llama3"}
                """,
                """
                "rope_parameters": {"rope_theta": 500000.0, "factor": 32.0, "high_freq_factor": 4.0,
                "low_freq_factor": 1.0, "original_max_position_embeddings": 8192,
                "rope_type": "llama3"}
                """,
                """
                "rope_theta": 500000.0, "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0,
                "low_freq_factor": 1.0, "original_max_position_embeddings": 8192, "type": "llama3"}
                """
            })
    void readsBothSpellingsOfLlama3(String rope) {
        ModelConfig config =
                read(
                        """
                        {"architectures": ["LlamaForCausalLM"], "hidden_size": 2048,
                         "intermediate_size": 8192, "num_hidden_layers": 16, "rms_norm_eps": 1e-05,
                         "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256,
                         "max_position_embeddings": 131072, "tie_word_embeddings": true, %s}
                        """
                                .formatted(rope));

        assertThat(Optional.of(config)).isEqualTo(RandomShapes.named("llama-3.2-1b"));
    }

    @Test
    void missingFieldsHaveTheDefaultsOfTheirFamily() {
        ModelConfig llama = read("{\"model_type\": \"llama\", " + SIZES + "}");
        ModelConfig qwen3 = read("{\"model_type\": \"qwen3\", " + SIZES + "}");

        assertThat(llama.headDim()).isEqualTo(16);
        assertThat(qwen3.headDim()).isEqualTo(128);
        assertThat(llama.keyValueHeads()).isEqualTo(4);
        assertThat(llama.tiedEmbeddings()).isFalse();
        assertThat(llama.rmsNormEps()).isEqualTo(1e-6);
        assertThat(llama.ropeTheta()).isEqualTo(10_000);
        assertThat(llama.ropeScaling()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'architectures': ['MistralForCausalLM']|architectures",
                "'architectures': []|architectures",
                "'architectures': null, 'model_type': 'gpt2'|model_type",
                "'architectures': null|model_type",
                "'attention_bias': true|attention_bias",
                "'mlp_bias': true|mlp_bias",
                "'use_sliding_window': true|use_sliding_window",
                "'layer_types': ['full_attention', 'sliding_attention']|layer_types[1]",
                "'quantization_config': {'bits': 4}|quantization_config",
                "'compression_config': {}|compression_config",
                "'hidden_act': 'gelu'|hidden_act",
                "'rope_scaling': {'type': 'yarn', 'factor': 4}|rope_scaling.type",
                "'rope_scaling': {'rope_type': 'linear', 'factor': 4}|rope_scaling.rope_type",
                "'rope_parameters': {'rope_type': 'dynamic'}|rope_parameters.rope_type",
                "'rope_parameters': {'full_attention': {}}|rope_parameters.full_attention",
                "'rope_parameters': {'partial_rotary_factor': 0.5}"
                        + "|rope_parameters.partial_rotary_factor",
                "'partial_rotary_factor': 0.25|partial_rotary_factor",
                "'rope_scaling': {'rope_type': 'llama3', 'low_freq_factor': 4, "
                        + "'high_freq_factor': 4}|rope_scaling.high_freq_factor",
                "'rope_scaling': {'rope_type': 'llama3', 'low_freq_factor': 1, "
                        + "'high_freq_factor': 4, 'factor': 8}"
                        + "|rope_scaling.original_max_position_embeddings",
                "'rope_theta': 0|rope_theta",
                "'rms_norm_eps': 0|rms_norm_eps",
                "'num_key_value_heads': 3|num_key_value_heads",
                "'num_key_value_heads': 0|num_key_value_heads",
                "'head_dim': 15|head_dim",
                "'head_dim': 4096|head_dim",
                "'hidden_size': 65|head_dim",
                "'hidden_size': 60|head_dim",
                "'num_hidden_layers': 0|num_hidden_layers",
                "'num_hidden_layers': 1.5|num_hidden_layers",
                "'vocab_size': -1|vocab_size",
                "'intermediate_size': 1e12|intermediate_size",
                "'max_position_embeddings': null|max_position_embeddings",
                "'tie_word_embeddings': 'yes'|tie_word_embeddings",
            })
    void refusesWhatItWouldComputeWrongly(String change, String field) {
        String config =
                """
                {"architectures": ["LlamaForCausalLM"], "hidden_size": 64, "vocab_size": 300,
                 "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4,
                 "max_position_embeddings": 512}
                """;

        assertThatThrownBy(() -> ConfigReader.read(changed(config, change.replace('\'', '"'))))
                .isInstanceOf(JsonFieldException.class)
                .hasMessageStartingWith("'" + field + "' ");
    }

    private static ModelConfig read(String json) {
        return ConfigReader.read(JsonField.root(Json.parse(json, JsonLimits.FILE)));
    }

    /// The members of `change` in place of those in `config`.
    private static JsonField changed(String config, String change) {
        var members = new LinkedHashMap<>(members(config));
        members.putAll(members("{" + change + "}"));
        return JsonField.root(new JsonObject(members));
    }

    private static Map<String, JsonValue> members(String json) {
        return JsonField.root(Json.parse(json, JsonLimits.FILE)).object().members();
    }
}
