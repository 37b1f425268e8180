package dev.stator.engine.cpu.forward;

import dev.stator.engine.cpu.kernels.PanelKernel.Stripe;
import dev.stator.engine.cpu.kernels.Rows;
import dev.stator.engine.cpu.packed.Bf16;
import dev.stator.model.ModelConfig;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/// Memory for keys and values in blocks of equal size, `[block][layer][kv head][K | V]`: a block is
/// contiguous over all layers, so moving one is one copy.
///
/// Within a block the tokens of a head stand in groups of 16 slots, the last padded. Keys are
/// transposed, `[group][head_dim][16 slots]`, values are `[group][16 slots][head_dim]`, both with
/// the first dimension in pairs when the format is BF16, as in a panel of weights. Which block
/// belongs to whom is decided elsewhere; slots of one block may be written by several threads.
public final class KvStorage implements AutoCloseable {
    /// Slots of a group.
    static final int LANES = 16;

    private static final int CACHE_LINE = 64;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final KvFormat format;
    private final int headDim;
    private final int heads;
    private final int layers;
    private final int blocks;
    private final int blockSizeTokens;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    /// @param blockSizeTokens a multiple of 16 wastes nothing
    public KvStorage(ModelConfig config, KvFormat format, int blocks, int blockSizeTokens) {
        if (blocks < 1 || blockSizeTokens < 1) {
            throw new IllegalArgumentException(
                    "need at least one block of one token: %d blocks of %d"
                            .formatted(blocks, blockSizeTokens));
        }
        this.format = format;
        this.headDim = config.headDim();
        this.heads = config.keyValueHeads();
        this.layers = config.layers();
        this.blocks = blocks;
        this.blockSizeTokens = blockSizeTokens;
        this.memory = arena.allocate(Math.multiplyExact(blocks, blockBytes()), CACHE_LINE);
    }

    /// Bytes of one block of a model, over all layers.
    public static long blockBytes(ModelConfig config, KvFormat format, int blockSizeTokens) {
        return 2L
                * config.layers()
                * config.keyValueHeads()
                * groups(blockSizeTokens)
                * LANES
                * config.headDim()
                * format.bytes();
    }

    public KvFormat format() {
        return format;
    }

    /// How many blocks there are.
    public int blocks() {
        return blocks;
    }

    public int blockSizeTokens() {
        return blockSizeTokens;
    }

    /// Bytes of one block over all layers.
    public long blockBytes() {
        return layers * layerBytes();
    }

    /// The bytes of block `index`, to export or import it whole.
    public MemorySegment block(int index) {
        Objects.checkIndex(index, blocks);
        return memory.asSlice(index * blockBytes(), blockBytes());
    }

    /// Overwrites block `to` with block `from`.
    public void copyBlock(int from, int to) {
        block(to).copyFrom(block(from));
    }

    /// Gives the memory back. No forward pass may be running.
    @Override
    public void close() {
        arena.close();
    }

    int headDim() {
        return headDim;
    }

    /// Where the keys of the group that holds `slot` begin.
    Stripe keys(int block, int layer, int head, int slot) {
        long at = headAt(block, layer, head) + slot / LANES * groupBytes();
        return new Stripe(memory, at, LANES);
    }

    /// Where the values of the group that holds `slot` begin.
    Stripe values(int block, int layer, int head, int slot) {
        long at = headAt(block, layer, head) + headBytes() / 2 + slot / LANES * groupBytes();
        return new Stripe(memory, at, headDim);
    }

    /// Bytes from one column of the values to the next.
    int valueColumnBytes() {
        return format == KvFormat.BF16 ? 2 * Short.BYTES : Float.BYTES;
    }

    /// Stores key and value of one token.
    void write(Stripe keys, Stripe values, int slot, Rows key, Rows value) {
        int lane = slot % LANES;
        switch (format) {
            case F32 -> writeFloats(keys.at(), values.at(), lane, key, value);
            case BF16 -> writeHalves(keys.at(), values.at(), lane, key, value);
        }
    }

    private void writeFloats(long keys, long values, int lane, Rows key, Rows value) {
        for (int i = 0; i < headDim; i++) {
            long keyAt = keys + ((long) i * LANES + lane) * Float.BYTES;
            memory.set(FLOAT, keyAt, key.data()[key.at() + i]);
            long valueAt = values + ((long) lane * headDim + i) * Float.BYTES;
            memory.set(FLOAT, valueAt, value.data()[value.at() + i]);
        }
    }

    private void writeHalves(long keys, long values, int lane, Rows key, Rows value) {
        long valueRow = values + ((long) lane / 2 * headDim * 2 + lane % 2) * Short.BYTES;
        for (int i = 0; i < headDim; i++) {
            long keyAt = keys + ((i / 2 * LANES + lane) * 2L + i % 2) * Short.BYTES;
            memory.set(SHORT, keyAt, Bf16.of(key.data()[key.at() + i]));
            long valueAt = valueRow + (long) i * 2 * Short.BYTES;
            memory.set(SHORT, valueAt, Bf16.of(value.data()[value.at() + i]));
        }
    }

    private static int groups(int blockSizeTokens) {
        return (blockSizeTokens + LANES - 1) / LANES;
    }

    private long groupBytes() {
        return (long) LANES * headDim * format.bytes();
    }

    private long headBytes() {
        return 2L * groups(blockSizeTokens) * groupBytes();
    }

    private long layerBytes() {
        return heads * headBytes();
    }

    private long headAt(int block, int layer, int head) {
        return block * blockBytes() + layer * layerBytes() + head * headBytes();
    }
}
