package dev.stator.engine.cpu;

import dev.stator.engine.cpu.weights.Tensor;
import dev.stator.engine.cpu.weights.TensorSource;
import dev.stator.model.ModelConfig;
import dev.stator.model.ModelFamily;
import dev.stator.model.RopeScaling;
import dev.stator.tokens.TokenIds;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The forward pass as its definition reads: double precision, the whole sequence at once, no
/// cache. Slow and obvious, it is what the real one must agree with.
///
/// A row of a matrix is one position.
public final class NaiveTransformer {

    /// A linear layer without bias, `[outputs][inputs]`.
    private static final class Matrix {
        private final double[] values;
        private final int rows;
        private final int columns;

        private Matrix(Tensor tensor) {
            values = new double[Math.toIntExact(tensor.elements())];
            for (int i = 0; i < values.length; i++) {
                values[i] = tensor.at(i);
            }
            rows = tensor.rows();
            columns = tensor.columns();
        }

        double[][] times(double[][] inputs) {
            double[][] outputs = new double[inputs.length][rows];
            for (int t = 0; t < inputs.length; t++) {
                for (int row = 0; row < rows; row++) {
                    outputs[t][row] = dot(inputs[t], row);
                }
            }
            return outputs;
        }

        private double dot(double[] input, int row) {
            double sum = 0;
            for (int k = 0; k < columns; k++) {
                sum += values[row * columns + k] * input[k];
            }
            return sum;
        }
    }

    private final ModelConfig config;
    private final Map<String, Matrix> matrices = new HashMap<>();
    private final TensorSource weights;

    public NaiveTransformer(ModelConfig config, TensorSource weights) {
        this.config = config;
        this.weights = weights;
    }

    /// The logits after each position of `ids`: `[ids.size()][vocabularySize]`.
    public double[][] logits(TokenIds ids) {
        double[][] x = embed(ids);
        for (int layer = 0; layer < config.layers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            add(x, attention(prefix + "self_attn.", norm(x, prefix + "input_layernorm.weight")));
            add(x, swiGlu(prefix + "mlp.", norm(x, prefix + "post_attention_layernorm.weight")));
        }
        String head = config.tiedEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight";
        return matrix(head).times(norm(x, "model.norm.weight"));
    }

    private double[][] embed(TokenIds ids) {
        Matrix table = matrix("model.embed_tokens.weight");
        double[][] x = new double[ids.size()][config.hiddenSize()];
        for (int t = 0; t < x.length; t++) {
            System.arraycopy(
                    table.values, ids.get(t) * config.hiddenSize(), x[t], 0, config.hiddenSize());
        }
        return x;
    }

    private double[][] attention(String prefix, double[][] x) {
        double[][] query = matrix(prefix + "q_proj.weight").times(x);
        double[][] key = matrix(prefix + "k_proj.weight").times(x);
        double[][] value = matrix(prefix + "v_proj.weight").times(x);
        if (config.family() == ModelFamily.QWEN3) {
            normHeads(query, prefix + "q_norm.weight");
            normHeads(key, prefix + "k_norm.weight");
        }
        rotate(query);
        rotate(key);
        double[][] mixed = new double[x.length][query[0].length];
        for (int t = 0; t < x.length; t++) {
            double[][] keys = Arrays.copyOf(key, t + 1);
            double[][] values = Arrays.copyOf(value, t + 1);
            for (int head = 0; head < config.attentionHeads(); head++) {
                attend(head, query[t], keys, values, mixed[t]);
            }
        }
        return matrix(prefix + "o_proj.weight").times(mixed);
    }

    /// One query head of the position that comes last in `keys` and `values`.
    private void attend(
            int head, double[] query, double[][] keys, double[][] values, double[] mixed) {
        int d = config.headDim();
        int from = head * d;
        int keyFrom = head / (config.attentionHeads() / config.keyValueHeads()) * d;
        double[] weight = new double[keys.length];
        for (int s = 0; s < weight.length; s++) {
            for (int i = 0; i < d; i++) {
                weight[s] += query[from + i] * keys[s][keyFrom + i];
            }
            weight[s] /= Math.sqrt(d);
        }
        softmax(weight);
        for (int s = 0; s < weight.length; s++) {
            for (int i = 0; i < d; i++) {
                mixed[from + i] += weight[s] * values[s][keyFrom + i];
            }
        }
    }

    private double[][] swiGlu(String prefix, double[][] x) {
        double[][] gate = matrix(prefix + "gate_proj.weight").times(x);
        double[][] up = matrix(prefix + "up_proj.weight").times(x);
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < up[t].length; i++) {
                up[t][i] *= gate[t][i] / (1 + Math.exp(-gate[t][i]));
            }
        }
        return matrix(prefix + "down_proj.weight").times(up);
    }

    private double[][] norm(double[][] x, String weight) {
        double[][] normed = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            normed[t] = x[t].clone();
            norm(normed[t], 0, matrix(weight).values);
        }
        return normed;
    }

    private void normHeads(double[][] x, String weight) {
        for (double[] row : x) {
            for (int at = 0; at < row.length; at += config.headDim()) {
                norm(row, at, matrix(weight).values);
            }
        }
    }

    private void norm(double[] x, int from, double[] weight) {
        double squares = 0;
        for (int i = 0; i < weight.length; i++) {
            squares += x[from + i] * x[from + i];
        }
        double scale = 1 / Math.sqrt(squares / weight.length + config.rmsNormEps());
        for (int i = 0; i < weight.length; i++) {
            x[from + i] *= scale * weight[i];
        }
    }

    /// Turns element i of each head with element i + headDim / 2.
    private void rotate(double[][] x) {
        int half = config.headDim() / 2;
        for (int t = 0; t < x.length; t++) {
            for (int at = 0; at < x[t].length; at += config.headDim()) {
                for (int i = 0; i < half; i++) {
                    double angle = t * frequency(i);
                    double a = x[t][at + i];
                    double b = x[t][at + i + half];
                    x[t][at + i] = a * Math.cos(angle) - b * Math.sin(angle);
                    x[t][at + i + half] = b * Math.cos(angle) + a * Math.sin(angle);
                }
            }
        }
    }

    private double frequency(int i) {
        double plain = Math.pow(config.ropeTheta(), -2.0 * i / config.headDim());
        return config.ropeScaling().map(scaling -> scaled(plain, scaling)).orElse(plain);
    }

    private static double scaled(double frequency, RopeScaling scaling) {
        double turns = scaling.originalMaxPositionEmbeddings() * frequency / (2 * Math.PI);
        if (turns > scaling.highFreqFactor()) {
            return frequency;
        }
        if (turns < scaling.lowFreqFactor()) {
            return frequency / scaling.factor();
        }
        double smooth =
                (turns - scaling.lowFreqFactor())
                        / (scaling.highFreqFactor() - scaling.lowFreqFactor());
        return smooth * frequency + (1 - smooth) * frequency / scaling.factor();
    }

    private static void softmax(double[] x) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : x) {
            max = Math.max(max, value);
        }
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.exp(x[i] - max);
            sum += x[i];
        }
        for (int i = 0; i < x.length; i++) {
            x[i] /= sum;
        }
    }

    private static void add(double[][] x, double[][] y) {
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < x[t].length; i++) {
                x[t][i] += y[t][i];
            }
        }
    }

    private Matrix matrix(String name) {
        return matrices.computeIfAbsent(name, n -> new Matrix(weights.tensor(n)));
    }
}
