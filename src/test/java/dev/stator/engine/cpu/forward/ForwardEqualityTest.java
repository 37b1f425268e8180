package dev.stator.engine.cpu.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.cpu.forward.RaggedBatch.Slice;
import dev.stator.engine.cpu.kernels.KernelPool;
import dev.stator.engine.cpu.kernels.Kernels;
import dev.stator.engine.cpu.kernels.WeightFormat;
import dev.stator.engine.cpu.packed.PackedModel;
import dev.stator.engine.cpu.weights.TensorSource;
import dev.stator.model.ModelConfig;
import dev.stator.model.ModelFamily;
import dev.stator.model.RopeScaling;
import dev.stator.model.WeightSource;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// The same tokens give the same bits however they are computed: alone and at once on one thread
/// with the scalar kernels; or cut into chunks, mixed with other sequences, on several threads,
/// with vectors, on blocks of another size, in another order, and partly computed for another
/// sequence.
class ForwardEqualityTest {
    private static final int SEQUENCES = 3;

    /// Last tokens of a sequence that are decoded one by one, and whose logits are compared.
    private static final int DECODED = 3;

    private static final int BLOCKS = 128;
    private static final int TOKENS_MIN = 10;
    private static final int TOKENS_MAX = 150;
    private static final int CONTEXT_MAX = 256;

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void logitsDependOnTheTokensAlone(long seed) {
        var random = new SplittableRandom(seed);
        ModelConfig config = config(random);
        WeightFormat format = any(random, WeightFormat.values());
        KvFormat kvFormat = any(random, KvFormat.values());
        int[][] sequences = sequences(random, config.vocabularySize());
        try (var pool = new KernelPool(random.nextInt(1, 4), "test");
                var alone = new KernelPool(1, "test");
                PackedModel model = load(config, format, alone);
                var kv = new KvStorage(config, kvFormat, BLOCKS, 16);
                var other = new KvStorage(config, kvFormat, BLOCKS, one(random, 5, 8, 16, 32))) {
            Kernels kernels = random.nextBoolean() ? Kernels.SCALAR : Kernels.vector();
            var plain = new Forward(model, alone, () -> Kernels.SCALAR);
            var expected = new float[SEQUENCES][][];
            for (int i = 0; i < SEQUENCES; i++) {
                expected[i] = atOnce(plain, kv, sequences[i]);
            }

            float[][][] actual =
                    new Schedule(new Forward(model, pool, () -> kernels), other, sequences, random)
                            .run();

            for (int i = 0; i < SEQUENCES; i++) {
                for (int j = 0; j < DECODED; j++) {
                    assertThat(Arrays.mismatch(expected[i][j], actual[i][j]))
                            .as("first difference of sequence %d, %d tokens before the end", i, j)
                            .isEqualTo(-1);
                }
            }
        }
    }

    /// Logits of the last tokens, the last first.
    private static float[][] atOnce(Forward forward, KvStorage kv, int[] tokens) {
        int[] blocks = IntStream.range(0, kv.blocks()).toArray();
        var logits = new float[DECODED][];
        for (int j = DECODED - 1; j >= 0; j--) {
            int end = tokens.length - j;
            int start = j == DECODED - 1 ? 0 : end - 1;
            int[] chunk = Arrays.copyOfRange(tokens, start, end);
            var slice = new Slice(chunk, start, blocks, true);
            logits[j] = forward.run(new RaggedBatch(List.of(slice)), kv).row(0);
        }
        return logits;
    }

    /// Runs the sequences together, in random chunks. The last one reuses blocks of the first.
    private static final class Schedule {
        private final Forward forward;
        private final KvStorage kv;
        private final int[][] sequences;
        private final SplittableRandom random;
        private final int[][] blocks = new int[SEQUENCES][];
        private final int[] done = new int[SEQUENCES];
        private final float[][][] logits = new float[SEQUENCES][DECODED][];

        Schedule(Forward forward, KvStorage kv, int[][] sequences, SplittableRandom random) {
            this.forward = forward;
            this.kv = kv;
            this.sequences = sequences;
            this.random = random;
        }

        float[][][] run() {
            int shared = share();
            while (!isDone(0) || !isDone(1) || !isDone(SEQUENCES - 1)) {
                List<Integer> chosen = new ArrayList<>();
                for (int i = 0; i < SEQUENCES; i++) {
                    boolean isReady = i != SEQUENCES - 1 || done[0] >= shared;
                    if (!isDone(i) && isReady && random.nextInt(4) > 0) {
                        chosen.add(i);
                    }
                }
                if (!chosen.isEmpty()) {
                    step(chosen);
                }
            }
            return logits;
        }

        /// Deals the blocks out in random order. Returns the tokens that the last sequence takes
        /// over from the first.
        private int share() {
            int size = kv.blockSizeTokens();
            List<Integer> free = new ArrayList<>();
            IntStream.range(0, BLOCKS).forEach(block -> free.add(random.nextInt(block + 1), block));
            for (int i = 0; i < SEQUENCES; i++) {
                int count = (sequences[i].length + size - 1) / size;
                blocks[i] = free.subList(0, count).stream().mapToInt(Integer::intValue).toArray();
                free.subList(0, count).clear();
            }
            int last = SEQUENCES - 1;
            int common = Arrays.mismatch(sequences[0], sequences[last]);
            int shared = Math.min(common, sequences[last].length - DECODED) / size;
            System.arraycopy(blocks[0], 0, blocks[last], 0, shared);
            done[last] = shared * size;
            return shared * size;
        }

        private void step(List<Integer> chosen) {
            List<Slice> slices = new ArrayList<>();
            for (int i : chosen) {
                int prompt = sequences[i].length - DECODED + 1 - done[i];
                int count = prompt > 1 ? random.nextInt(1, prompt + 1) : 1;
                int end = done[i] + count;
                int[] chunk = Arrays.copyOfRange(sequences[i], done[i], end);
                boolean wantsLogits = end > sequences[i].length - DECODED;
                slices.add(new Slice(chunk, done[i], blocks[i], wantsLogits));
                done[i] = end;
            }
            Logits result = forward.run(new RaggedBatch(slices), kv);
            int row = 0;
            for (int j = 0; j < chosen.size(); j++) {
                if (slices.get(j).wantsLogits()) {
                    int i = chosen.get(j);
                    logits[i][sequences[i].length - done[i]] = result.row(row++);
                }
            }
        }

        private boolean isDone(int i) {
            return done[i] == sequences[i].length;
        }
    }

    private static int[][] sequences(SplittableRandom random, int vocabularySize) {
        var sequences = new int[SEQUENCES][];
        for (int i = 0; i < SEQUENCES; i++) {
            int length = random.nextInt(TOKENS_MIN, TOKENS_MAX);
            sequences[i] = random.ints(length, 0, vocabularySize).toArray();
        }
        int common = Math.min(sequences[0].length, sequences[SEQUENCES - 1].length) - DECODED - 1;
        System.arraycopy(
                sequences[0], 0, sequences[SEQUENCES - 1], 0, random.nextInt(0, common + 1));
        sequences[SEQUENCES - 1][common] = sequences[0][common] == 0 ? 1 : 0;
        return sequences;
    }

    private static PackedModel load(ModelConfig config, WeightFormat format, KernelPool pool) {
        try (TensorSource weights = TensorSource.open(new WeightSource.Drawn(1), config)) {
            return PackedModel.load(config, weights, format, pool, (_, _) -> {});
        }
    }

    private static ModelConfig config(SplittableRandom random) {
        boolean isLlama = random.nextBoolean();
        int kvHeads = one(random, 1, 2);
        return new ModelConfig(
                isLlama ? ModelFamily.LLAMA : ModelFamily.QWEN3,
                2,
                one(random, 64, 72, 96),
                one(random, 96, 130),
                kvHeads * one(random, 1, 2, 3, 4),
                kvHeads,
                one(random, 16, 32, 48, 80),
                one(random, 256, 300),
                CONTEXT_MAX,
                1e-6,
                1e6,
                isLlama ? Optional.of(new RopeScaling(8, 1, 4, 64)) : Optional.empty(),
                random.nextBoolean());
    }

    private static int one(SplittableRandom random, int... values) {
        return values[random.nextInt(values.length)];
    }

    @SafeVarargs
    private static <T> T any(SplittableRandom random, T... values) {
        return values[random.nextInt(values.length)];
    }
}
