package dev.stator.engine.cpu.kernels;

import static dev.stator.engine.cpu.kernels.WeightFormat.PANEL_ROWS;

import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// A vector of ints is two vectors of weights: input `i` in the low halves, `i + 1` in the high.
/// Helper methods would not be inlined: the methods with many sums are close to what the compiler
/// takes.
@SuppressWarnings("NarrowCalculation") // offsets within a panel fit an int
final class VectorBf16 implements PanelKernel {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final int LANES = F.length();
    private static final int BYTES = F.vectorByteSize();
    private static final long INPUT_BYTES = PANEL_ROWS * Short.BYTES;
    private static final long FLOATS_BYTES = PANEL_ROWS * Float.BYTES;
    private static final int HIGH = 0xFFFF0000;
    private static final boolean WIDE = 4 * LANES == PANEL_ROWS;
    private static final int DIRECT_TOKENS_MAX = WIDE ? 24 : 4;

    @Override
    public int directTokensMax() {
        return DIRECT_TOKENS_MAX;
    }

    @Override
    public void multiply1(Panels panels, int k, Rows x, Rows y) {
        if (WIDE) {
            panels4(panels, k, x, y);
        } else {
            for (int panel = 0; panel < PANELS_AT_ONCE; panel++) {
                panel1(panels.shift(panel), k, x, y.shift(0, panel * PANEL_ROWS));
            }
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
    public void unpack(Stripe from, int k, int width, MemorySegment panel, long to) {
        if (width == PANEL_ROWS) {
            for (int row = 0; row < PANEL_ROWS; row += 4 * LANES) {
                unpackFour(from, row, k, panel, to + (long) row * Float.BYTES);
            }
        } else {
            for (int row = 0; row < width; row += LANES) {
                unpackOne(from, row, k, panel, to + (long) row * Float.BYTES);
            }
        }
    }

    private static void unpackFour(Stripe from, int row, int k, MemorySegment panel, long to) {
        MemorySegment data = from.data();
        long first = from.at() + (long) row * Integer.BYTES;
        long pairBytes = (long) from.stride() * Integer.BYTES;
        for (int i = 0; i < k / 2; i++) {
            long p = first + i * pairBytes;
            long q = to + i * 2 * FLOATS_BYTES;
            long r = q + FLOATS_BYTES;
            IntVector w0 = IntVector.fromMemorySegment(I, data, p, LITTLE);
            IntVector w1 = IntVector.fromMemorySegment(I, data, p + BYTES, LITTLE);
            IntVector w2 = IntVector.fromMemorySegment(I, data, p + 2 * BYTES, LITTLE);
            IntVector w3 = IntVector.fromMemorySegment(I, data, p + 3 * BYTES, LITTLE);
            w0.lanewise(LSHL, Short.SIZE).intoMemorySegment(panel, q, LITTLE);
            w1.lanewise(LSHL, Short.SIZE).intoMemorySegment(panel, q + BYTES, LITTLE);
            w2.lanewise(LSHL, Short.SIZE).intoMemorySegment(panel, q + 2 * BYTES, LITTLE);
            w3.lanewise(LSHL, Short.SIZE).intoMemorySegment(panel, q + 3 * BYTES, LITTLE);
            w0.and(HIGH).intoMemorySegment(panel, r, LITTLE);
            w1.and(HIGH).intoMemorySegment(panel, r + BYTES, LITTLE);
            w2.and(HIGH).intoMemorySegment(panel, r + 2 * BYTES, LITTLE);
            w3.and(HIGH).intoMemorySegment(panel, r + 3 * BYTES, LITTLE);
        }
    }

    private static void unpackOne(Stripe from, int row, int k, MemorySegment panel, long to) {
        MemorySegment data = from.data();
        long first = from.at() + (long) row * Integer.BYTES;
        long pairBytes = (long) from.stride() * Integer.BYTES;
        for (int i = 0; i < k / 2; i++) {
            long q = to + i * 2 * FLOATS_BYTES;
            IntVector pair = IntVector.fromMemorySegment(I, data, first + i * pairBytes, LITTLE);
            pair.lanewise(LSHL, Short.SIZE).intoMemorySegment(panel, q, LITTLE);
            pair.and(HIGH).intoMemorySegment(panel, q + FLOATS_BYTES, LITTLE);
        }
    }

    private static void panel1(Panels panel, int k, Rows x, Rows y) {
        for (int row = 0; row < PANEL_ROWS; row += 4 * LANES) {
            four1(panel.data(), panel.at() + row * Integer.BYTES, k, x, y.shift(0, row));
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
        for (int i = 0; i < k; i += 2) {
            long p = from + i * INPUT_BYTES;
            IntVector w0 = IntVector.fromMemorySegment(I, panel, p, LITTLE);
            IntVector w1 = IntVector.fromMemorySegment(I, panel, p + BYTES, LITTLE);
            IntVector w2 = IntVector.fromMemorySegment(I, panel, p + 2 * BYTES, LITTLE);
            IntVector w3 = IntVector.fromMemorySegment(I, panel, p + 3 * BYTES, LITTLE);
            FloatVector l0 = w0.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            FloatVector l1 = w1.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            FloatVector l2 = w2.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            FloatVector l3 = w3.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            FloatVector b = FloatVector.broadcast(F, a[a0 + i]);
            c00 = l0.fma(b, c00);
            c01 = l1.fma(b, c01);
            c02 = l2.fma(b, c02);
            c03 = l3.fma(b, c03);
            l0 = w0.and(HIGH).reinterpretAsFloats();
            l1 = w1.and(HIGH).reinterpretAsFloats();
            l2 = w2.and(HIGH).reinterpretAsFloats();
            l3 = w3.and(HIGH).reinterpretAsFloats();
            b = FloatVector.broadcast(F, a[a0 + i + 1]);
            c00 = l0.fma(b, c00);
            c01 = l1.fma(b, c01);
            c02 = l2.fma(b, c02);
            c03 = l3.fma(b, c03);
        }
        at = y.at();
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c02.intoArray(c, at + 2 * LANES);
        c03.intoArray(c, at + 3 * LANES);
    }

    private static void panels4(Panels panels, int k, Rows x, Rows y) {
        MemorySegment data = panels.data();
        float[] a = x.data();
        float[] c = y.data();
        int a0 = x.at();
        int at = y.at();
        FloatVector c00 = FloatVector.fromArray(F, c, at);
        FloatVector c01 = FloatVector.fromArray(F, c, at + LANES);
        FloatVector c02 = FloatVector.fromArray(F, c, at + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(F, c, at + 3 * LANES);
        FloatVector c10 = FloatVector.fromArray(F, c, at + PANEL_ROWS);
        FloatVector c11 = FloatVector.fromArray(F, c, at + PANEL_ROWS + LANES);
        FloatVector c12 = FloatVector.fromArray(F, c, at + PANEL_ROWS + 2 * LANES);
        FloatVector c13 = FloatVector.fromArray(F, c, at + PANEL_ROWS + 3 * LANES);
        FloatVector c20 = FloatVector.fromArray(F, c, at + 2 * PANEL_ROWS);
        FloatVector c21 = FloatVector.fromArray(F, c, at + 2 * PANEL_ROWS + LANES);
        FloatVector c22 = FloatVector.fromArray(F, c, at + 2 * PANEL_ROWS + 2 * LANES);
        FloatVector c23 = FloatVector.fromArray(F, c, at + 2 * PANEL_ROWS + 3 * LANES);
        FloatVector c30 = FloatVector.fromArray(F, c, at + 3 * PANEL_ROWS);
        FloatVector c31 = FloatVector.fromArray(F, c, at + 3 * PANEL_ROWS + LANES);
        FloatVector c32 = FloatVector.fromArray(F, c, at + 3 * PANEL_ROWS + 2 * LANES);
        FloatVector c33 = FloatVector.fromArray(F, c, at + 3 * PANEL_ROWS + 3 * LANES);
        for (int i = 0; i < k; i += 2) {
            long p0 = panels.at() + i * INPUT_BYTES;
            long p1 = p0 + panels.stride();
            long p2 = p1 + panels.stride();
            long p3 = p2 + panels.stride();
            FloatVector b = FloatVector.broadcast(F, a[a0 + i]);
            FloatVector d = FloatVector.broadcast(F, a[a0 + i + 1]);
            IntVector w = IntVector.fromMemorySegment(I, data, p0, LITTLE);
            FloatVector half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c00 = half.fma(b, c00);
            half = w.and(HIGH).reinterpretAsFloats();
            c00 = half.fma(d, c00);
            w = IntVector.fromMemorySegment(I, data, p0 + BYTES, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c01 = half.fma(b, c01);
            half = w.and(HIGH).reinterpretAsFloats();
            c01 = half.fma(d, c01);
            w = IntVector.fromMemorySegment(I, data, p0 + 2 * BYTES, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c02 = half.fma(b, c02);
            half = w.and(HIGH).reinterpretAsFloats();
            c02 = half.fma(d, c02);
            w = IntVector.fromMemorySegment(I, data, p0 + 3 * BYTES, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c03 = half.fma(b, c03);
            half = w.and(HIGH).reinterpretAsFloats();
            c03 = half.fma(d, c03);
            w = IntVector.fromMemorySegment(I, data, p1, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c10 = half.fma(b, c10);
            half = w.and(HIGH).reinterpretAsFloats();
            c10 = half.fma(d, c10);
            w = IntVector.fromMemorySegment(I, data, p1 + BYTES, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c11 = half.fma(b, c11);
            half = w.and(HIGH).reinterpretAsFloats();
            c11 = half.fma(d, c11);
            w = IntVector.fromMemorySegment(I, data, p1 + 2 * BYTES, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c12 = half.fma(b, c12);
            half = w.and(HIGH).reinterpretAsFloats();
            c12 = half.fma(d, c12);
            w = IntVector.fromMemorySegment(I, data, p1 + 3 * BYTES, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c13 = half.fma(b, c13);
            half = w.and(HIGH).reinterpretAsFloats();
            c13 = half.fma(d, c13);
            w = IntVector.fromMemorySegment(I, data, p2, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c20 = half.fma(b, c20);
            half = w.and(HIGH).reinterpretAsFloats();
            c20 = half.fma(d, c20);
            w = IntVector.fromMemorySegment(I, data, p2 + BYTES, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c21 = half.fma(b, c21);
            half = w.and(HIGH).reinterpretAsFloats();
            c21 = half.fma(d, c21);
            w = IntVector.fromMemorySegment(I, data, p2 + 2 * BYTES, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c22 = half.fma(b, c22);
            half = w.and(HIGH).reinterpretAsFloats();
            c22 = half.fma(d, c22);
            w = IntVector.fromMemorySegment(I, data, p2 + 3 * BYTES, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c23 = half.fma(b, c23);
            half = w.and(HIGH).reinterpretAsFloats();
            c23 = half.fma(d, c23);
            w = IntVector.fromMemorySegment(I, data, p3, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c30 = half.fma(b, c30);
            half = w.and(HIGH).reinterpretAsFloats();
            c30 = half.fma(d, c30);
            w = IntVector.fromMemorySegment(I, data, p3 + BYTES, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c31 = half.fma(b, c31);
            half = w.and(HIGH).reinterpretAsFloats();
            c31 = half.fma(d, c31);
            w = IntVector.fromMemorySegment(I, data, p3 + 2 * BYTES, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c32 = half.fma(b, c32);
            half = w.and(HIGH).reinterpretAsFloats();
            c32 = half.fma(d, c32);
            w = IntVector.fromMemorySegment(I, data, p3 + 3 * BYTES, LITTLE);
            half = w.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            c33 = half.fma(b, c33);
            half = w.and(HIGH).reinterpretAsFloats();
            c33 = half.fma(d, c33);
        }
        at = y.at();
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c02.intoArray(c, at + 2 * LANES);
        c03.intoArray(c, at + 3 * LANES);
        c10.intoArray(c, at + PANEL_ROWS);
        c11.intoArray(c, at + PANEL_ROWS + LANES);
        c12.intoArray(c, at + PANEL_ROWS + 2 * LANES);
        c13.intoArray(c, at + PANEL_ROWS + 3 * LANES);
        c20.intoArray(c, at + 2 * PANEL_ROWS);
        c21.intoArray(c, at + 2 * PANEL_ROWS + LANES);
        c22.intoArray(c, at + 2 * PANEL_ROWS + 2 * LANES);
        c23.intoArray(c, at + 2 * PANEL_ROWS + 3 * LANES);
        c30.intoArray(c, at + 3 * PANEL_ROWS);
        c31.intoArray(c, at + 3 * PANEL_ROWS + LANES);
        c32.intoArray(c, at + 3 * PANEL_ROWS + 2 * LANES);
        c33.intoArray(c, at + 3 * PANEL_ROWS + 3 * LANES);
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
        for (int i = 0; i < k; i += 2) {
            long p = from + i * INPUT_BYTES;
            IntVector w0 = IntVector.fromMemorySegment(I, panel, p, LITTLE);
            IntVector w1 = IntVector.fromMemorySegment(I, panel, p + BYTES, LITTLE);
            IntVector w2 = IntVector.fromMemorySegment(I, panel, p + 2 * BYTES, LITTLE);
            IntVector w3 = IntVector.fromMemorySegment(I, panel, p + 3 * BYTES, LITTLE);
            FloatVector l0 = w0.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            FloatVector l1 = w1.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            FloatVector l2 = w2.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            FloatVector l3 = w3.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            FloatVector b = FloatVector.broadcast(F, a[a0 + i]);
            c00 = l0.fma(b, c00);
            c01 = l1.fma(b, c01);
            c02 = l2.fma(b, c02);
            c03 = l3.fma(b, c03);
            b = FloatVector.broadcast(F, a[a1 + i]);
            c10 = l0.fma(b, c10);
            c11 = l1.fma(b, c11);
            c12 = l2.fma(b, c12);
            c13 = l3.fma(b, c13);
            b = FloatVector.broadcast(F, a[a2 + i]);
            c20 = l0.fma(b, c20);
            c21 = l1.fma(b, c21);
            c22 = l2.fma(b, c22);
            c23 = l3.fma(b, c23);
            b = FloatVector.broadcast(F, a[a3 + i]);
            c30 = l0.fma(b, c30);
            c31 = l1.fma(b, c31);
            c32 = l2.fma(b, c32);
            c33 = l3.fma(b, c33);
            l0 = w0.and(HIGH).reinterpretAsFloats();
            l1 = w1.and(HIGH).reinterpretAsFloats();
            l2 = w2.and(HIGH).reinterpretAsFloats();
            l3 = w3.and(HIGH).reinterpretAsFloats();
            b = FloatVector.broadcast(F, a[a0 + i + 1]);
            c00 = l0.fma(b, c00);
            c01 = l1.fma(b, c01);
            c02 = l2.fma(b, c02);
            c03 = l3.fma(b, c03);
            b = FloatVector.broadcast(F, a[a1 + i + 1]);
            c10 = l0.fma(b, c10);
            c11 = l1.fma(b, c11);
            c12 = l2.fma(b, c12);
            c13 = l3.fma(b, c13);
            b = FloatVector.broadcast(F, a[a2 + i + 1]);
            c20 = l0.fma(b, c20);
            c21 = l1.fma(b, c21);
            c22 = l2.fma(b, c22);
            c23 = l3.fma(b, c23);
            b = FloatVector.broadcast(F, a[a3 + i + 1]);
            c30 = l0.fma(b, c30);
            c31 = l1.fma(b, c31);
            c32 = l2.fma(b, c32);
            c33 = l3.fma(b, c33);
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
}
