package dev.stator.engine.cpu.weights;

import dev.stator.model.ModelConfig;
import dev.stator.model.ModelFamily;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which tensors a model of a given shape consists of, by the names Hugging Face gives them.
final class TensorShapes {
    static final String EMBEDDING = "model.embed_tokens.weight";
    static final String HEAD = "lm_head.weight";

    private TensorShapes() {}

    /// Shapes by name. A linear layer is `[outputs, inputs]`.
    static Map<String, List<Integer>> of(ModelConfig config) {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        int hidden = config.hiddenSize();
        shapes.put(EMBEDDING, List.of(config.vocabularySize(), hidden));
        for (int layer = 0; layer < config.layers(); layer++) {
            addLayer(shapes, "model.layers." + layer + ".", config);
        }
        shapes.put("model.norm.weight", List.of(hidden));
        if (!config.tiedEmbeddings()) {
            shapes.put(HEAD, List.of(config.vocabularySize(), hidden));
        }
        return shapes;
    }

    private static void addLayer(
            Map<String, List<Integer>> shapes, String layer, ModelConfig config) {
        int hidden = config.hiddenSize();
        int query = config.attentionHeads() * config.headDim();
        int keyValue = config.keyValueHeads() * config.headDim();
        int wide = config.intermediateSize();
        shapes.put(layer + "input_layernorm.weight", List.of(hidden));
        shapes.put(layer + "self_attn.q_proj.weight", List.of(query, hidden));
        shapes.put(layer + "self_attn.k_proj.weight", List.of(keyValue, hidden));
        shapes.put(layer + "self_attn.v_proj.weight", List.of(keyValue, hidden));
        shapes.put(layer + "self_attn.o_proj.weight", List.of(hidden, query));
        if (config.family() == ModelFamily.QWEN3) {
            shapes.put(layer + "self_attn.q_norm.weight", List.of(config.headDim()));
            shapes.put(layer + "self_attn.k_norm.weight", List.of(config.headDim()));
        }
        shapes.put(layer + "post_attention_layernorm.weight", List.of(hidden));
        shapes.put(layer + "mlp.gate_proj.weight", List.of(wide, hidden));
        shapes.put(layer + "mlp.up_proj.weight", List.of(wide, hidden));
        shapes.put(layer + "mlp.down_proj.weight", List.of(hidden, wide));
    }
}
