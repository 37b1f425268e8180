package dev.stator.engine.cpu.kernels;

import static dev.stator.engine.cpu.kernels.WeightFormat.PANEL_ROWS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The twin of every panel kernel: decodes a few inputs to an array, then plain loops.
final class ScalarPanels implements TileKernel {
    private static final int STEP = 32; // inputs decoded at a time; even
    private static final int DIRECT_TOKENS_MAX = 4;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final WeightFormat format;

    ScalarPanels(WeightFormat format) {
        this.format = format;
    }

    @Override
    public int directTokensMax() {
        return DIRECT_TOKENS_MAX;
    }

    @Override
    public int fetch(MemorySegment panel, long at, long bytes) {
        return 0;
    }

    @Override
    public void multiply1(Panels panels, int k, Rows x, Rows y) {
        for (int panel = 0; panel < PANELS_AT_ONCE; panel++) {
            var stripe = new Stripe(panels.data(), panels.shift(panel).at(), PANEL_ROWS);
            multiply(stripe, k, 1, x, y.shift(0, panel * PANEL_ROWS));
        }
    }

    @Override
    public void multiply4(MemorySegment panel, long at, int k, Rows x, Rows y) {
        multiply(new Stripe(panel, at, PANEL_ROWS), k, 4, x, y);
    }

    @Override
    public void multiply6(MemorySegment panel, long at, int k, Rows x, Rows y) {
        multiply(new Stripe(panel, at, PANEL_ROWS), k, TILE_TOKENS, x, y);
    }

    @Override
    public void unpack(Stripe from, int k, int width, MemorySegment panel, long to) {
        var weights = new float[STEP * width];
        for (int start = 0; start < k; start += STEP) {
            int count = Math.min(STEP, k - start);
            decode(from, start, count, width, weights);
            for (int i = 0; i < count; i++) {
                long row = to + (long) (start + i) * PANEL_ROWS * Float.BYTES;
                MemorySegment.copy(weights, i * width, panel, FLOAT, row, width);
            }
        }
    }

    private void multiply(Stripe panel, int k, int tokens, Rows x, Rows y) {
        var weights = new float[STEP * PANEL_ROWS];
        for (int start = 0; start < k; start += STEP) {
            int count = Math.min(STEP, k - start);
            decode(panel, start, count, PANEL_ROWS, weights);
            for (int token = 0; token < tokens; token++) {
                accumulate(weights, count, x.shift(token, start), y.shift(token, 0));
            }
        }
    }

    private static void accumulate(float[] weights, int count, Rows x, Rows y) {
        float[] out = y.data();
        int to = y.at();
        for (int i = 0; i < count; i++) {
            float a = x.data()[x.at() + i];
            int from = i * PANEL_ROWS;
            for (int row = 0; row < PANEL_ROWS; row++) {
                out[to + row] = Math.fma(weights[from + row], a, out[to + row]);
            }
        }
    }

    /// Inputs `[start, start + count)` of the first `width` rows, `[count][width]`.
    private void decode(Stripe from, int start, int count, int width, float[] weights) {
        long rowBytes = (long) from.stride() * format.bytes();
        long at = from.at() + start * rowBytes;
        switch (format) {
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    MemorySegment.copy(
                            from.data(), FLOAT, at + i * rowBytes, weights, i * width, width);
                }
            }
            case BF16 -> {
                var pairs = new int[width];
                for (int i = 0; i < count; i += 2) {
                    MemorySegment.copy(from.data(), INT, at + i * rowBytes, pairs, 0, width);
                    decodePairs(pairs, weights, i * width);
                }
            }
            case INT8 -> {
                var bytes = new byte[width];
                for (int i = 0; i < count; i++) {
                    long row = at + i * rowBytes;
                    MemorySegment.copy(from.data(), ValueLayout.JAVA_BYTE, row, bytes, 0, width);
                    for (int j = 0; j < width; j++) {
                        weights[i * width + j] = bytes[j];
                    }
                }
            }
        }
    }

    private static void decodePairs(int[] pairs, float[] weights, int at) {
        for (int j = 0; j < pairs.length; j++) {
            weights[at + j] = Float.intBitsToFloat(pairs[j] << 16);
            weights[at + pairs.length + j] = Float.intBitsToFloat(pairs[j] & 0xFFFF0000);
        }
    }
}
