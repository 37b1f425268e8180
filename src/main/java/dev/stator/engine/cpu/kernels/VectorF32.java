package dev.stator.engine.cpu.kernels;

import static dev.stator.engine.cpu.kernels.WeightFormat.PANEL_ROWS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// Accumulators stay in registers: 4 vectors by 6 tokens where there are 32 registers of 16 lanes,
/// 2 by 6 elsewhere. Names: `w2` is the third vector of weights, `c13` the sum of token 1 and `w3`.
@SuppressWarnings("NarrowCalculation") // offsets within a panel fit an int
final class VectorF32 implements TileKernel {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    static final int LANES = F.length();
    private static final int BYTES = F.vectorByteSize();
    private static final long INPUT_BYTES = PANEL_ROWS * Float.BYTES;
    private static final boolean WIDE = 4 * LANES == PANEL_ROWS;

    @Override
    public int directTokensMax() {
        return 1;
    }

    @Override
    public void multiply1(Panels panels, int k, Rows x, Rows y) {
        for (int panel = 0; panel < PANELS_AT_ONCE; panel++) {
            panel1(panels.shift(panel), k, x, y.shift(0, panel * PANEL_ROWS));
        }
    }

    @Override
    public void multiply4(MemorySegment panel, long at, int k, Rows x, Rows y) {
        if (WIDE) {
            four4(panel, at, k, x, y);
        } else {
            for (int token = 0; token < 4; token++) {
                panel1(new Panels(panel, at, 0), k, x.shift(token, 0), y.shift(token, 0));
            }
        }
    }

    @Override
    public void multiply6(MemorySegment panel, long at, int k, Rows x, Rows y) {
        if (WIDE) {
            four6(panel, at, k, x, y);
        } else {
            for (int row = 0; row < PANEL_ROWS; row += 2 * LANES) {
                two6(panel, at + row * Float.BYTES, k, x, y.shift(0, row));
            }
        }
    }

    @Override
    public void unpack(Stripe from, int k, int width, MemorySegment panel, long to) {
        for (int i = 0; i < k; i++) {
            long row = from.at() + (long) i * from.stride() * Float.BYTES;
            MemorySegment.copy(
                    from.data(), row, panel, to + i * INPUT_BYTES, (long) width * Float.BYTES);
        }
    }

    private static void panel1(Panels panel, int k, Rows x, Rows y) {
        for (int row = 0; row < PANEL_ROWS; row += 4 * LANES) {
            four1(panel.data(), panel.at() + row * Float.BYTES, k, x, y.shift(0, row));
        }
    }

    private static void four1(MemorySegment panel, long from, int k, Rows x, Rows y) {
        float[] a = x.data();
        float[] c = y.data();
        int a0 = x.at();
        int at = y.at();
        FloatVector c00 = FloatVector.fromArray(F, c, at);
        FloatVector c01 = FloatVector.fromArray(F, c, at + LANES);
        FloatVector c02 = FloatVector.fromArray(F, c, at + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(F, c, at + 3 * LANES);
        for (int i = 0; i < k; i++) {
            long p = from + i * INPUT_BYTES;
            FloatVector w0 = FloatVector.fromMemorySegment(F, panel, p, LITTLE);
            FloatVector w1 = FloatVector.fromMemorySegment(F, panel, p + BYTES, LITTLE);
            FloatVector w2 = FloatVector.fromMemorySegment(F, panel, p + 2 * BYTES, LITTLE);
            FloatVector w3 = FloatVector.fromMemorySegment(F, panel, p + 3 * BYTES, LITTLE);
            FloatVector b = FloatVector.broadcast(F, a[a0 + i]);
            c00 = w0.fma(b, c00);
            c01 = w1.fma(b, c01);
            c02 = w2.fma(b, c02);
            c03 = w3.fma(b, c03);
        }
        at = y.at();
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c02.intoArray(c, at + 2 * LANES);
        c03.intoArray(c, at + 3 * LANES);
    }

    private static void four4(MemorySegment panel, long from, int k, Rows x, Rows y) {
        float[] a = x.data();
        float[] c = y.data();
        int a0 = x.at();
        int a1 = a0 + x.stride();
        int a2 = a1 + x.stride();
        int a3 = a2 + x.stride();
        int at = y.at();
        FloatVector c00 = FloatVector.fromArray(F, c, at);
        FloatVector c01 = FloatVector.fromArray(F, c, at + LANES);
        FloatVector c02 = FloatVector.fromArray(F, c, at + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(F, c, at + 3 * LANES);
        at += y.stride();
        FloatVector c10 = FloatVector.fromArray(F, c, at);
        FloatVector c11 = FloatVector.fromArray(F, c, at + LANES);
        FloatVector c12 = FloatVector.fromArray(F, c, at + 2 * LANES);
        FloatVector c13 = FloatVector.fromArray(F, c, at + 3 * LANES);
        at += y.stride();
        FloatVector c20 = FloatVector.fromArray(F, c, at);
        FloatVector c21 = FloatVector.fromArray(F, c, at + LANES);
        FloatVector c22 = FloatVector.fromArray(F, c, at + 2 * LANES);
        FloatVector c23 = FloatVector.fromArray(F, c, at + 3 * LANES);
        at += y.stride();
        FloatVector c30 = FloatVector.fromArray(F, c, at);
        FloatVector c31 = FloatVector.fromArray(F, c, at + LANES);
        FloatVector c32 = FloatVector.fromArray(F, c, at + 2 * LANES);
        FloatVector c33 = FloatVector.fromArray(F, c, at + 3 * LANES);
        for (int i = 0; i < k; i++) {
            long p = from + i * INPUT_BYTES;
            FloatVector w0 = FloatVector.fromMemorySegment(F, panel, p, LITTLE);
            FloatVector w1 = FloatVector.fromMemorySegment(F, panel, p + BYTES, LITTLE);
            FloatVector w2 = FloatVector.fromMemorySegment(F, panel, p + 2 * BYTES, LITTLE);
            FloatVector w3 = FloatVector.fromMemorySegment(F, panel, p + 3 * BYTES, LITTLE);
            FloatVector b = FloatVector.broadcast(F, a[a0 + i]);
            c00 = w0.fma(b, c00);
            c01 = w1.fma(b, c01);
            c02 = w2.fma(b, c02);
            c03 = w3.fma(b, c03);
            b = FloatVector.broadcast(F, a[a1 + i]);
            c10 = w0.fma(b, c10);
            c11 = w1.fma(b, c11);
            c12 = w2.fma(b, c12);
            c13 = w3.fma(b, c13);
            b = FloatVector.broadcast(F, a[a2 + i]);
            c20 = w0.fma(b, c20);
            c21 = w1.fma(b, c21);
            c22 = w2.fma(b, c22);
            c23 = w3.fma(b, c23);
            b = FloatVector.broadcast(F, a[a3 + i]);
            c30 = w0.fma(b, c30);
            c31 = w1.fma(b, c31);
            c32 = w2.fma(b, c32);
            c33 = w3.fma(b, c33);
        }
        at = y.at();
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c02.intoArray(c, at + 2 * LANES);
        c03.intoArray(c, at + 3 * LANES);
        at += y.stride();
        c10.intoArray(c, at);
        c11.intoArray(c, at + LANES);
        c12.intoArray(c, at + 2 * LANES);
        c13.intoArray(c, at + 3 * LANES);
        at += y.stride();
        c20.intoArray(c, at);
        c21.intoArray(c, at + LANES);
        c22.intoArray(c, at + 2 * LANES);
        c23.intoArray(c, at + 3 * LANES);
        at += y.stride();
        c30.intoArray(c, at);
        c31.intoArray(c, at + LANES);
        c32.intoArray(c, at + 2 * LANES);
        c33.intoArray(c, at + 3 * LANES);
    }

    private static void four6(MemorySegment panel, long from, int k, Rows x, Rows y) {
        float[] a = x.data();
        float[] c = y.data();
        int a0 = x.at();
        int a1 = a0 + x.stride();
        int a2 = a1 + x.stride();
        int a3 = a2 + x.stride();
        int a4 = a3 + x.stride();
        int a5 = a4 + x.stride();
        int at = y.at();
        FloatVector c00 = FloatVector.fromArray(F, c, at);
        FloatVector c01 = FloatVector.fromArray(F, c, at + LANES);
        FloatVector c02 = FloatVector.fromArray(F, c, at + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(F, c, at + 3 * LANES);
        at += y.stride();
        FloatVector c10 = FloatVector.fromArray(F, c, at);
        FloatVector c11 = FloatVector.fromArray(F, c, at + LANES);
        FloatVector c12 = FloatVector.fromArray(F, c, at + 2 * LANES);
        FloatVector c13 = FloatVector.fromArray(F, c, at + 3 * LANES);
        at += y.stride();
        FloatVector c20 = FloatVector.fromArray(F, c, at);
        FloatVector c21 = FloatVector.fromArray(F, c, at + LANES);
        FloatVector c22 = FloatVector.fromArray(F, c, at + 2 * LANES);
        FloatVector c23 = FloatVector.fromArray(F, c, at + 3 * LANES);
        at += y.stride();
        FloatVector c30 = FloatVector.fromArray(F, c, at);
        FloatVector c31 = FloatVector.fromArray(F, c, at + LANES);
        FloatVector c32 = FloatVector.fromArray(F, c, at + 2 * LANES);
        FloatVector c33 = FloatVector.fromArray(F, c, at + 3 * LANES);
        at += y.stride();
        FloatVector c40 = FloatVector.fromArray(F, c, at);
        FloatVector c41 = FloatVector.fromArray(F, c, at + LANES);
        FloatVector c42 = FloatVector.fromArray(F, c, at + 2 * LANES);
        FloatVector c43 = FloatVector.fromArray(F, c, at + 3 * LANES);
        at += y.stride();
        FloatVector c50 = FloatVector.fromArray(F, c, at);
        FloatVector c51 = FloatVector.fromArray(F, c, at + LANES);
        FloatVector c52 = FloatVector.fromArray(F, c, at + 2 * LANES);
        FloatVector c53 = FloatVector.fromArray(F, c, at + 3 * LANES);
        for (int i = 0; i < k; i++) {
            long p = from + i * INPUT_BYTES;
            FloatVector w0 = FloatVector.fromMemorySegment(F, panel, p, LITTLE);
            FloatVector w1 = FloatVector.fromMemorySegment(F, panel, p + BYTES, LITTLE);
            FloatVector w2 = FloatVector.fromMemorySegment(F, panel, p + 2 * BYTES, LITTLE);
            FloatVector w3 = FloatVector.fromMemorySegment(F, panel, p + 3 * BYTES, LITTLE);
            FloatVector b = FloatVector.broadcast(F, a[a0 + i]);
            c00 = w0.fma(b, c00);
            c01 = w1.fma(b, c01);
            c02 = w2.fma(b, c02);
            c03 = w3.fma(b, c03);
            b = FloatVector.broadcast(F, a[a1 + i]);
            c10 = w0.fma(b, c10);
            c11 = w1.fma(b, c11);
            c12 = w2.fma(b, c12);
            c13 = w3.fma(b, c13);
            b = FloatVector.broadcast(F, a[a2 + i]);
            c20 = w0.fma(b, c20);
            c21 = w1.fma(b, c21);
            c22 = w2.fma(b, c22);
            c23 = w3.fma(b, c23);
            b = FloatVector.broadcast(F, a[a3 + i]);
            c30 = w0.fma(b, c30);
            c31 = w1.fma(b, c31);
            c32 = w2.fma(b, c32);
            c33 = w3.fma(b, c33);
            b = FloatVector.broadcast(F, a[a4 + i]);
            c40 = w0.fma(b, c40);
            c41 = w1.fma(b, c41);
            c42 = w2.fma(b, c42);
            c43 = w3.fma(b, c43);
            b = FloatVector.broadcast(F, a[a5 + i]);
            c50 = w0.fma(b, c50);
            c51 = w1.fma(b, c51);
            c52 = w2.fma(b, c52);
            c53 = w3.fma(b, c53);
        }
        at = y.at();
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c02.intoArray(c, at + 2 * LANES);
        c03.intoArray(c, at + 3 * LANES);
        at += y.stride();
        c10.intoArray(c, at);
        c11.intoArray(c, at + LANES);
        c12.intoArray(c, at + 2 * LANES);
        c13.intoArray(c, at + 3 * LANES);
        at += y.stride();
        c20.intoArray(c, at);
        c21.intoArray(c, at + LANES);
        c22.intoArray(c, at + 2 * LANES);
        c23.intoArray(c, at + 3 * LANES);
        at += y.stride();
        c30.intoArray(c, at);
        c31.intoArray(c, at + LANES);
        c32.intoArray(c, at + 2 * LANES);
        c33.intoArray(c, at + 3 * LANES);
        at += y.stride();
        c40.intoArray(c, at);
        c41.intoArray(c, at + LANES);
        c42.intoArray(c, at + 2 * LANES);
        c43.intoArray(c, at + 3 * LANES);
        at += y.stride();
        c50.intoArray(c, at);
        c51.intoArray(c, at + LANES);
        c52.intoArray(c, at + 2 * LANES);
        c53.intoArray(c, at + 3 * LANES);
    }

    private static void two6(MemorySegment panel, long from, int k, Rows x, Rows y) {
        float[] a = x.data();
        float[] c = y.data();
        int a0 = x.at();
        int a1 = a0 + x.stride();
        int a2 = a1 + x.stride();
        int a3 = a2 + x.stride();
        int a4 = a3 + x.stride();
        int a5 = a4 + x.stride();
        int at = y.at();
        FloatVector c00 = FloatVector.fromArray(F, c, at);
        FloatVector c01 = FloatVector.fromArray(F, c, at + LANES);
        at += y.stride();
        FloatVector c10 = FloatVector.fromArray(F, c, at);
        FloatVector c11 = FloatVector.fromArray(F, c, at + LANES);
        at += y.stride();
        FloatVector c20 = FloatVector.fromArray(F, c, at);
        FloatVector c21 = FloatVector.fromArray(F, c, at + LANES);
        at += y.stride();
        FloatVector c30 = FloatVector.fromArray(F, c, at);
        FloatVector c31 = FloatVector.fromArray(F, c, at + LANES);
        at += y.stride();
        FloatVector c40 = FloatVector.fromArray(F, c, at);
        FloatVector c41 = FloatVector.fromArray(F, c, at + LANES);
        at += y.stride();
        FloatVector c50 = FloatVector.fromArray(F, c, at);
        FloatVector c51 = FloatVector.fromArray(F, c, at + LANES);
        for (int i = 0; i < k; i++) {
            long p = from + i * INPUT_BYTES;
            FloatVector w0 = FloatVector.fromMemorySegment(F, panel, p, LITTLE);
            FloatVector w1 = FloatVector.fromMemorySegment(F, panel, p + BYTES, LITTLE);
            FloatVector b = FloatVector.broadcast(F, a[a0 + i]);
            c00 = w0.fma(b, c00);
            c01 = w1.fma(b, c01);
            b = FloatVector.broadcast(F, a[a1 + i]);
            c10 = w0.fma(b, c10);
            c11 = w1.fma(b, c11);
            b = FloatVector.broadcast(F, a[a2 + i]);
            c20 = w0.fma(b, c20);
            c21 = w1.fma(b, c21);
            b = FloatVector.broadcast(F, a[a3 + i]);
            c30 = w0.fma(b, c30);
            c31 = w1.fma(b, c31);
            b = FloatVector.broadcast(F, a[a4 + i]);
            c40 = w0.fma(b, c40);
            c41 = w1.fma(b, c41);
            b = FloatVector.broadcast(F, a[a5 + i]);
            c50 = w0.fma(b, c50);
            c51 = w1.fma(b, c51);
        }
        at = y.at();
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        at += y.stride();
        c10.intoArray(c, at);
        c11.intoArray(c, at + LANES);
        at += y.stride();
        c20.intoArray(c, at);
        c21.intoArray(c, at + LANES);
        at += y.stride();
        c30.intoArray(c, at);
        c31.intoArray(c, at + LANES);
        at += y.stride();
        c40.intoArray(c, at);
        c41.intoArray(c, at + LANES);
        at += y.stride();
        c50.intoArray(c, at);
        c51.intoArray(c, at + LANES);
    }
}
