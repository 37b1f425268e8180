package dev.stator.engine.cpu.forward;

import static dev.stator.engine.cpu.kernels.WeightFormat.PANEL_ROWS;

import dev.stator.engine.cpu.kernels.Rows;
import dev.stator.engine.cpu.kernels.WeightFormat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Buffers of one thread, which grow to the longest context they met.
final class AttentionScratch {
    private static final int CACHE_LINE = 64;

    private final int headDim;
    private final MemorySegment keys;
    private final MemorySegment values;
    private final MemorySegment group;
    private Rows queries = new Rows(new float[0], 0, 0);
    private Rows scores = queries;
    private Rows mixed = queries;
    private float[] sums = new float[0];

    AttentionScratch(int headDim) {
        this.headDim = headDim;
        this.keys = panel(headDim);
        this.values = panel(PANEL_ROWS);
        this.group = panel(Math.max(headDim, KvStorage.LANES));
    }

    /// Makes room for `rows` queries over `context` tokens, and zeros what is added to.
    void prepare(int rows, int context) {
        int all = rows + Tiles.padding();
        queries = new Rows(grown(queries.data(), all * headDim), 0, headDim);
        scores = new Rows(grown(scores.data(), Math.multiplyExact(all, context)), 0, context);
        int width = (headDim + PANEL_ROWS - 1) / PANEL_ROWS * PANEL_ROWS;
        mixed = new Rows(grown(mixed.data(), all * width), 0, width);
        sums = grown(sums, rows);
        Arrays.fill(scores.data(), 0, all * context, 0);
        Arrays.fill(mixed.data(), 0, all * width, 0);
    }

    /// F32 panel of `head_dim` inputs, a row per token.
    MemorySegment keys() {
        return keys;
    }

    /// F32 panel of 64 inputs, one per token.
    MemorySegment values() {
        return values;
    }

    /// F32 panel for a group of slots that is needed only in part.
    MemorySegment group() {
        return group;
    }

    Rows queries() {
        return queries;
    }

    Rows scores() {
        return scores;
    }

    Rows mixed() {
        return mixed;
    }

    /// Reciprocals of the weights' sums.
    float[] sums() {
        return sums;
    }

    private static float[] grown(float[] array, int size) {
        return array.length >= size ? array : new float[size];
    }

    private static MemorySegment panel(int inputs) {
        return Arena.ofAuto().allocate(WeightFormat.F32.panelBytes(inputs), CACHE_LINE);
    }
}
