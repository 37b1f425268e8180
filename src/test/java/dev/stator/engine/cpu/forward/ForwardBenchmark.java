package dev.stator.engine.cpu.forward;

import dev.stator.engine.cpu.forward.RaggedBatch.Slice;
import dev.stator.engine.cpu.kernels.KernelPool;
import dev.stator.engine.cpu.kernels.KernelSelector;
import dev.stator.engine.cpu.kernels.MachineLimits;
import dev.stator.engine.cpu.kernels.WeightFormat;
import dev.stator.engine.cpu.packed.PackedModel;
import dev.stator.engine.cpu.weights.TensorSource;
import dev.stator.model.ModelConfig;
import dev.stator.model.ModelFamily;
import dev.stator.model.WeightSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/// Speed of whole forward passes on the shape of Qwen3-0.6B with random weights, beside what the
/// machine allows.
///
/// Arguments: weight formats (default `BF16 INT8`). `-Dthreads=N` sets the threads, by default one
/// per processor.
public final class ForwardBenchmark {
    private static final ModelConfig QWEN3 =
            new ModelConfig(
                    ModelFamily.QWEN3,
                    28,
                    1_024,
                    3_072,
                    16,
                    8,
                    128,
                    151_936,
                    40_960,
                    1e-6,
                    1e6,
                    Optional.empty(),
                    true);
    private static final int BLOCK_SIZE = 16;
    private static final int BLOCKS = 1_024;
    private static final int CHUNK = 256;
    private static final int REPEATS = 5;
    private static final int DECODE_STEPS = 24;
    private static final int DECODE_CONTEXT = 128;
    private static final int LIMIT_REPEATS = 5;

    private final Forward forward;
    private final KvStorage kv;
    private final MachineLimits limits;
    private final PackedModel model;
    private final SplittableRandom random = new SplittableRandom(1);

    private ForwardBenchmark(PackedModel model, KernelPool pool, KernelSelector kernels) {
        this.model = model;
        this.forward = new Forward(model, pool, kernels::current);
        this.kv = new KvStorage(model.config(), KvFormat.BF16, BLOCKS, BLOCK_SIZE);
        this.limits = new MachineLimits(pool);
    }

    public static void main(String[] formats) throws InterruptedException {
        int threads = Integer.getInteger("threads", Runtime.getRuntime().availableProcessors());
        try (var pool = new KernelPool(threads, "bench");
                KernelSelector kernels = KernelSelector.start()) {
            kernels.awaitSettled();
            for (String format : formats.length > 0 ? formats : new String[] {"BF16", "INT8"}) {
                try (PackedModel model = load(WeightFormat.valueOf(format), pool)) {
                    new ForwardBenchmark(model, pool, kernels).run();
                }
            }
        }
    }

    private static PackedModel load(WeightFormat format, KernelPool pool) {
        try (TensorSource weights = TensorSource.open(new WeightSource.Drawn(1), QWEN3)) {
            long start = System.nanoTime();
            PackedModel model = PackedModel.load(QWEN3, weights, format, pool, (_, _) -> {});
            System.out.printf(
                    "%n%s, %d threads, %.2f GB of weights, drawn and packed in %.1f s%n",
                    format, pool.threads(), model.bytes() / 1e9, (System.nanoTime() - start) / 1e9);
            return model;
        }
    }

    private void run() {
        prefill(CHUNK);
        prefill(CHUNK);
        for (int tokens : new int[] {256, 1_024}) {
            double peak = limits.gigaflops(LIMIT_REPEATS);
            double[] rates = sorted(REPEATS, () -> prefill(tokens));
            double gigaflops = median(rates) * flops(tokens) / 1e9;
            System.out.printf(
                    "prefill %5d        %7.1f tokens/s (%.1f-%.1f) %6.1f GFLOP/s of %.1f: %.2f%n",
                    tokens,
                    median(rates),
                    rates[0],
                    rates[rates.length - 1],
                    gigaflops,
                    peak,
                    gigaflops / peak);
        }
        for (int batch : new int[] {1, 4, 8}) {
            double bandwidth = limits.readGigabytes(LIMIT_REPEATS);
            double[] rates = sorted(REPEATS, () -> decode(batch));
            double gigabytes = median(rates) / batch * (model.bytes() + kvBytes(batch)) / 1e9;
            System.out.printf(
                    "decode, batch %d     %7.1f tokens/s (%.1f-%.1f) %6.1f GB/s of %.1f: %.2f%n",
                    batch,
                    median(rates),
                    rates[0],
                    rates[rates.length - 1],
                    gigabytes,
                    bandwidth,
                    gigabytes / bandwidth);
        }
    }

    /// Tokens per second of one prompt, in chunks.
    private double prefill(int tokens) {
        int[] blocks = IntStream.range(0, BLOCKS).toArray();
        long start = System.nanoTime();
        for (int from = 0; from < tokens; from += CHUNK) {
            int[] chunk = ids(Math.min(CHUNK, tokens - from));
            boolean isLast = from + CHUNK >= tokens;
            forward.run(new RaggedBatch(List.of(new Slice(chunk, from, blocks, isLast))), kv);
        }
        return tokens / seconds(start);
    }

    /// Tokens per second of `batch` sequences together, after a context of `DECODE_CONTEXT`.
    private double decode(int batch) {
        int blocksEach = (DECODE_CONTEXT + DECODE_STEPS) / BLOCK_SIZE + 1;
        long start = System.nanoTime();
        for (int step = 0; step < DECODE_STEPS; step++) {
            List<Slice> slices = new ArrayList<>();
            for (int sequence = 0; sequence < batch; sequence++) {
                int first = sequence * blocksEach;
                int[] blocks = IntStream.range(first, first + blocksEach).toArray();
                slices.add(new Slice(ids(1), DECODE_CONTEXT + step, blocks, true));
            }
            forward.run(new RaggedBatch(slices), kv);
        }
        return batch * DECODE_STEPS / seconds(start);
    }

    /// Per token of a prompt: two per weight of the layers, and attention to half the prompt.
    private static double flops(int tokens) {
        double queries = QWEN3.attentionHeads() * QWEN3.headDim();
        double keys = QWEN3.keyValueHeads() * QWEN3.headDim();
        double hidden = QWEN3.hiddenSize();
        double weights = hidden * (2 * queries + 2 * keys + 3.0 * QWEN3.intermediateSize());
        double attention = 2 * queries * tokens / 2;
        double head = hidden * QWEN3.vocabularySize() / tokens;
        return 2 * (QWEN3.layers() * (weights + attention) + head);
    }

    private long kvBytes(int batch) {
        return (long) batch * DECODE_CONTEXT * kv.blockBytes() / BLOCK_SIZE;
    }

    private int[] ids(int count) {
        return random.ints(count, 0, QWEN3.vocabularySize()).toArray();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double[] sorted(int count, DoubleSupplier rate) {
        var rates = new double[count];
        for (int i = 0; i < count; i++) {
            rates[i] = rate.getAsDouble();
        }
        Arrays.sort(rates);
        return rates;
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }
}
