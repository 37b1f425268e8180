package dev.stator.engine.cpu.packed;

import dev.stator.engine.cpu.kernels.KernelPool;
import dev.stator.engine.cpu.kernels.WeightFormat;
import dev.stator.engine.cpu.weights.Tensor;
import dev.stator.engine.cpu.weights.TensorSource;
import dev.stator.model.ModelConfig;
import dev.stator.model.ModelFamily;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A model's weights in the layout of the kernels, outside the heap. Immutable, so several engines
/// may share one; closed after the last of them.
public final class PackedModel implements AutoCloseable {

    /// Hears how far the packing is.
    @FunctionalInterface
    public interface Progress {
        /// In bytes of packed weights.
        void packed(long doneBytes, long totalBytes);
    }

    private static final int HEAD_DIM_MULTIPLE = 16;

    private final ModelConfig config;
    private final WeightFormat format;
    private final Arena arena;
    private final PackedMatrix embedding;
    private final PackedMatrix head;
    private final float[] finalNorm;
    private final List<PackedLayer> layers;

    private PackedModel(Loader loader, Arena arena) {
        this.config = loader.config;
        this.format = loader.packer.format();
        this.arena = arena;
        this.embedding = loader.matrix("model.embed_tokens.weight");
        this.head = config.tiedEmbeddings() ? embedding : loader.matrix("lm_head.weight");
        this.finalNorm = loader.vector("model.norm.weight");
        this.layers = IntStream.range(0, config.layers()).mapToObj(loader::layer).toList();
    }

    /// Packs all weights on the threads of `pool`. Throws `IllegalArgumentException` when the
    /// kernels cannot run a model of this shape, and what `weights` throws; `weights` is not needed
    /// afterwards.
    public static PackedModel load(
            ModelConfig config,
            TensorSource weights,
            WeightFormat format,
            KernelPool pool,
            Progress progress) {
        requireShape(config);
        Arena arena = Arena.ofShared();
        try {
            var packer = new MatrixPacker(format, arena, pool);
            return new PackedModel(new Loader(config, weights, packer, progress), arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    public ModelConfig config() {
        return config;
    }

    public WeightFormat format() {
        return format;
    }

    /// Memory of the packed matrices.
    public long bytes() {
        return matrices().mapToLong(matrix -> matrix.panels().byteSize()).sum();
    }

    /// Gives the memory back. No forward pass may be running.
    @Override
    public void close() {
        arena.close();
    }

    public PackedMatrix embedding() {
        return embedding;
    }

    public PackedMatrix head() {
        return head;
    }

    public float[] finalNorm() {
        return finalNorm;
    }

    public PackedLayer layer(int index) {
        return layers.get(index);
    }

    private Stream<PackedMatrix> matrices() {
        return Stream.concat(
                config.tiedEmbeddings() ? Stream.of(head) : Stream.of(embedding, head),
                layers.stream()
                        .flatMap(
                                layer ->
                                        Stream.of(
                                                layer.queryKeyValue(),
                                                layer.output(),
                                                layer.gateUp(),
                                                layer.down())));
    }

    private static void requireShape(ModelConfig config) {
        if (config.headDim() % HEAD_DIM_MULTIPLE != 0) {
            throw new IllegalArgumentException(
                    "head_dim must be a multiple of "
                            + HEAD_DIM_MULTIPLE
                            + ": "
                            + config.headDim());
        }
        if (config.attentionHeads() % config.keyValueHeads() != 0) {
            throw new IllegalArgumentException(
                    "num_key_value_heads must divide num_attention_heads: %d, %d"
                            .formatted(config.keyValueHeads(), config.attentionHeads()));
        }
    }

    private static final class Loader {
        private final ModelConfig config;
        private final TensorSource weights;
        private final MatrixPacker packer;
        private final Progress progress;
        private final long totalBytes;
        private long doneBytes;

        Loader(ModelConfig config, TensorSource weights, MatrixPacker packer, Progress progress) {
            this.config = config;
            this.weights = weights;
            this.packer = packer;
            this.progress = progress;
            this.totalBytes = weightCount(config) * packer.format().bytes();
        }

        PackedLayer layer(int index) {
            String layer = "model.layers." + index + ".";
            String attention = layer + "self_attn.";
            String mlp = layer + "mlp.";
            boolean hasHeadNorms = config.family() == ModelFamily.QWEN3;
            return new PackedLayer(
                    vector(layer + "input_layernorm.weight"),
                    matrix(
                            attention + "q_proj.weight",
                            attention + "k_proj.weight",
                            attention + "v_proj.weight"),
                    hasHeadNorms ? vector(attention + "q_norm.weight") : new float[0],
                    hasHeadNorms ? vector(attention + "k_norm.weight") : new float[0],
                    matrix(attention + "o_proj.weight"),
                    vector(layer + "post_attention_layernorm.weight"),
                    matrix(mlp + "gate_proj.weight", mlp + "up_proj.weight"),
                    matrix(mlp + "down_proj.weight"));
        }

        PackedMatrix matrix(String... names) {
            List<Tensor> parts = new ArrayList<>();
            for (String name : names) {
                parts.add(weights.tensor(name));
            }
            PackedMatrix packed = packer.pack(parts);
            parts.forEach(weights::release);
            doneBytes += (long) packed.rows() * packed.columns() * packer.format().bytes();
            progress.packed(doneBytes, totalBytes);
            return packed;
        }

        float[] vector(String name) {
            Tensor tensor = weights.tensor(name);
            var values = new float[Math.toIntExact(tensor.elements())];
            for (int i = 0; i < values.length; i++) {
                values[i] = tensor.at(i);
            }
            return values;
        }

        private static long weightCount(ModelConfig config) {
            long hidden = config.hiddenSize();
            long queries = (long) config.attentionHeads() * config.headDim();
            long keys = (long) config.keyValueHeads() * config.headDim();
            long layer = hidden * (2 * queries + 2 * keys) + 3 * hidden * config.intermediateSize();
            long embeddings = (config.tiedEmbeddings() ? 1 : 2) * hidden;
            return config.layers() * layer + embeddings * config.vocabularySize();
        }
    }
}
