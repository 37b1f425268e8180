package dev.stator.engine.cpu.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.cpu.GoldenLogits;
import dev.stator.engine.cpu.NaiveTransformer;
import dev.stator.engine.cpu.kernels.KernelPool;
import dev.stator.engine.cpu.kernels.Kernels;
import dev.stator.engine.cpu.kernels.WeightFormat;
import dev.stator.engine.cpu.packed.PackedModel;
import dev.stator.engine.cpu.weights.TensorSource;
import dev.stator.model.ModelFolder;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.IntStream;

/// The forward pass against logits that Hugging Face transformers computed.
class ForwardGoldenTest {
    private static final double FLOAT_ROUNDING = 1e-5;
    // These models are tiny and random, which amplifies the rounding of weights, keys and values.
    private static final double BF16_ROUNDING = 3e-2;
    private static final double INT8_ROUNDING = 1e-1;
    private static final int BLOCK_SIZE = 16;

    static List<GoldenLogits.Case> cases() {
        return GoldenLogits.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void floatsAgreeToRounding(GoldenLogits.Case golden) {
        assertThat(greatestError(golden, WeightFormat.F32, KvFormat.F32))
                .isLessThan(FLOAT_ROUNDING);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void halvesAgreeToTheirRounding(GoldenLogits.Case golden) {
        assertThat(greatestError(golden, WeightFormat.BF16, KvFormat.BF16))
                .isLessThan(BF16_ROUNDING);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bytesAgreeToTheirRounding(GoldenLogits.Case golden) {
        assertThat(greatestError(golden, WeightFormat.INT8, KvFormat.BF16))
                .isLessThan(INT8_ROUNDING);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void roundingTheWeightsIsAllThatHalvesAndBytesDo(GoldenLogits.Case golden) {
        ModelFolder folder = ModelFolder.open(golden.folder());
        int[] tokens = golden.prompts().getFirst().ids().toArray();
        for (WeightFormat format : WeightFormat.values()) {
            try (var pool = new KernelPool(1, "test");
                    TensorSource weights = TensorSource.open(folder.weights(), folder.config());
                    PackedModel model = load(golden, format, pool);
                    var kv = new KvStorage(model.config(), KvFormat.F32, 64, BLOCK_SIZE)) {
                var rounded = new RoundedTensors(weights, format);
                double[][] expected =
                        new NaiveTransformer(folder.config(), rounded).logits(TokenIds.of(tokens));
                float[] actual = run(new Forward(model, pool, () -> Kernels.SCALAR), kv, tokens, 0);
                double[] last = expected[tokens.length - 1];
                assertThat(GoldenLogits.relativeError(actual, last))
                        .as(format.name())
                        .isLessThan(FLOAT_ROUNDING);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void continuesAsTransformersDoes(GoldenLogits.Case golden) {
        try (var pool = new KernelPool(1, "test");
                PackedModel model = load(golden, WeightFormat.F32, pool);
                var kv = new KvStorage(model.config(), KvFormat.F32, 64, BLOCK_SIZE)) {
            var forward = new Forward(model, pool, () -> Kernels.SCALAR);
            for (GoldenLogits.Prompt prompt : golden.prompts()) {
                TokenIds ids = prompt.ids();
                int position = 0;
                for (int i = 0; i < prompt.greedy().size(); i++) {
                    int[] tokens = ids.slice(position, ids.size()).toArray();
                    float[] logits = run(forward, kv, tokens, position);
                    position = ids.size();
                    ids = ids.concat(TokenIds.of(argmax(logits)));
                }
                assertThat(ids.slice(prompt.ids().size(), ids.size())).isEqualTo(prompt.greedy());
            }
        }
    }

    private static double greatestError(
            GoldenLogits.Case golden, WeightFormat format, KvFormat kvFormat) {
        double greatest = 0;
        try (var pool = new KernelPool(1, "test");
                PackedModel model = load(golden, format, pool);
                var kv = new KvStorage(model.config(), kvFormat, 64, BLOCK_SIZE)) {
            var forward = new Forward(model, pool, () -> Kernels.SCALAR);
            for (GoldenLogits.Prompt prompt : golden.prompts()) {
                int position = 0;
                for (int row = 0; row < prompt.logits().size(); row++) {
                    int end = prompt.firstPosition() + row + 1;
                    int[] tokens = prompt.ids().slice(position, end).toArray();
                    double[] actual = widened(run(forward, kv, tokens, position));
                    position = end;
                    double error = GoldenLogits.relativeError(prompt.logits().get(row), actual);
                    greatest = Math.max(greatest, error);
                }
            }
        }
        return greatest;
    }

    private static PackedModel load(
            GoldenLogits.Case golden, WeightFormat format, KernelPool pool) {
        ModelFolder folder = ModelFolder.open(golden.folder());
        try (TensorSource weights = TensorSource.open(folder.weights(), folder.config())) {
            return PackedModel.load(folder.config(), weights, format, pool, (_, _) -> {});
        }
    }

    private static float[] run(Forward forward, KvStorage kv, int[] tokens, int position) {
        int[] blocks = IntStream.range(0, kv.blocks()).toArray();
        var slice = new RaggedBatch.Slice(tokens, position, blocks, true);
        return forward.run(new RaggedBatch(List.of(slice)), kv).row(0);
    }

    private static double[] widened(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private static int argmax(float[] values) {
        return IntStream.range(0, values.length)
                .reduce((a, b) -> values[b] > values[a] ? b : a)
                .orElseThrow();
    }
}
