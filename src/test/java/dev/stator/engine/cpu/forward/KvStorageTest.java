package dev.stator.engine.cpu.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.cpu.forward.RaggedBatch.Slice;
import dev.stator.engine.cpu.kernels.KernelPool;
import dev.stator.engine.cpu.kernels.Kernels;
import dev.stator.engine.cpu.kernels.WeightFormat;
import dev.stator.engine.cpu.packed.PackedModel;
import dev.stator.engine.cpu.weights.TensorSource;
import dev.stator.model.ModelConfig;
import dev.stator.model.ModelFamily;
import dev.stator.model.WeightSource;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

class KvStorageTest {
    private static final ModelConfig CONFIG =
            new ModelConfig(
                    ModelFamily.QWEN3,
                    2,
                    64,
                    96,
                    4,
                    2,
                    16,
                    256,
                    128,
                    1e-6,
                    1e4,
                    Optional.empty(),
                    true);
    private static final int BLOCK_SIZE = 16;
    private static final int PROMPT = 40;

    @ParameterizedTest
    @EnumSource(KvFormat.class)
    void aSequenceGoesOnInAnotherMemoryFromTheBytesOfItsBlocks(KvFormat format) {
        int[] prompt = new SplittableRandom(1).ints(PROMPT, 0, 256).toArray();
        try (var pool = new KernelPool(1, "test");
                PackedModel model = load(pool);
                var here = new KvStorage(CONFIG, format, 8, BLOCK_SIZE);
                var there = new KvStorage(CONFIG, format, 8, BLOCK_SIZE)) {
            var forward = new Forward(model, pool, () -> Kernels.SCALAR);
            int[] blocks = {4, 0, 2};
            int[] moved = {1, 7, 3};
            run(forward, here, new Slice(prompt, 0, blocks, false));
            for (int i = 0; i < blocks.length; i++) {
                there.block(moved[i]).copyFrom(here.block(blocks[i]));
            }
            here.copyBlock(2, 6);

            float[] expected = run(forward, here, new Slice(new int[] {9}, PROMPT, blocks, true));

            assertThat(run(forward, there, new Slice(new int[] {9}, PROMPT, moved, true)))
                    .isEqualTo(expected);
            int[] copied = {4, 0, 6};
            assertThat(run(forward, here, new Slice(new int[] {9}, PROMPT, copied, true)))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(KvFormat.class)
    void blocksHaveTheSizeThatIsAnnounced(KvFormat format) {
        try (var kv = new KvStorage(CONFIG, format, 3, BLOCK_SIZE)) {
            assertThat(kv.block(2).byteSize())
                    .isEqualTo(kv.blockBytes())
                    .isEqualTo(KvStorage.blockBytes(CONFIG, format, BLOCK_SIZE))
                    .isEqualTo(2L * 2 * 2 * 16 * BLOCK_SIZE * format.bytes());
            assertThatThrownBy(() -> kv.block(3)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    private static float[] run(Forward forward, KvStorage kv, Slice slice) {
        Logits logits = forward.run(new RaggedBatch(List.of(slice)), kv);
        return logits.rows() == 0 ? new float[0] : logits.row(0);
    }

    private static PackedModel load(KernelPool pool) {
        try (TensorSource weights = TensorSource.open(new WeightSource.Drawn(1), CONFIG)) {
            return PackedModel.load(CONFIG, weights, WeightFormat.BF16, pool, (_, _) -> {});
        }
    }
}
