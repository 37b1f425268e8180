package dev.stator.engine.cpu.kernels;

import static dev.stator.engine.cpu.kernels.WeightFormat.PANEL_ROWS;

import static jdk.incubator.vector.VectorOperators.B2F;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// Bytes are widened to floats exactly. Names as in `VectorF32`; no helper methods, as in
/// `VectorBf16`.
@SuppressWarnings("NarrowCalculation") // offsets within a panel fit an int
final class VectorInt8 implements PanelKernel {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> B =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(F.length() * Byte.SIZE));
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final int LANES = F.length();
    private static final int BYTES = F.vectorByteSize();
    private static final long INPUT_BYTES = PANEL_ROWS;
    private static final long FLOATS_BYTES = PANEL_ROWS * Float.BYTES;
    private static final boolean WIDE = 4 * LANES == PANEL_ROWS;
    private static final int DIRECT_TOKENS_MAX = WIDE ? 16 : 4;

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
        for (int i = 0; i < k; i++) {
            long p = from.at() + row + (long) i * from.stride();
            long q = to + i * FLOATS_BYTES;
            ((FloatVector) ByteVector.fromMemorySegment(B, data, p, LITTLE).convertShape(B2F, F, 0))
                    .intoMemorySegment(panel, q, LITTLE);
            ((FloatVector)
                            ByteVector.fromMemorySegment(B, data, p + LANES, LITTLE)
                                    .convertShape(B2F, F, 0))
                    .intoMemorySegment(panel, q + BYTES, LITTLE);
            ((FloatVector)
                            ByteVector.fromMemorySegment(B, data, p + 2 * LANES, LITTLE)
                                    .convertShape(B2F, F, 0))
                    .intoMemorySegment(panel, q + 2 * BYTES, LITTLE);
            ((FloatVector)
                            ByteVector.fromMemorySegment(B, data, p + 3 * LANES, LITTLE)
                                    .convertShape(B2F, F, 0))
                    .intoMemorySegment(panel, q + 3 * BYTES, LITTLE);
        }
    }

    private static void unpackOne(Stripe from, int row, int k, MemorySegment panel, long to) {
        MemorySegment data = from.data();
        for (int i = 0; i < k; i++) {
            ((FloatVector)
                            ByteVector.fromMemorySegment(
                                            B,
                                            data,
                                            from.at() + row + (long) i * from.stride(),
                                            LITTLE)
                                    .convertShape(B2F, F, 0))
                    .intoMemorySegment(panel, to + i * FLOATS_BYTES, LITTLE);
        }
    }

    private static void panel1(Panels panel, int k, Rows x, Rows y) {
        for (int row = 0; row < PANEL_ROWS; row += 4 * LANES) {
            four1(panel.data(), panel.at() + row, k, x, y.shift(0, row));
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
            FloatVector w0 =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, panel, p, LITTLE)
                                    .convertShape(B2F, F, 0);
            FloatVector w1 =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, panel, p + LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            FloatVector w2 =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, panel, p + 2 * LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            FloatVector w3 =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, panel, p + 3 * LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
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
        for (int i = 0; i < k; i++) {
            long p0 = panels.at() + i * INPUT_BYTES;
            long p1 = p0 + panels.stride();
            long p2 = p1 + panels.stride();
            long p3 = p2 + panels.stride();
            FloatVector b = FloatVector.broadcast(F, a[a0 + i]);
            FloatVector w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p0, LITTLE)
                                    .convertShape(B2F, F, 0);
            c00 = w.fma(b, c00);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p0 + LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            c01 = w.fma(b, c01);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p0 + 2 * LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            c02 = w.fma(b, c02);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p0 + 3 * LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            c03 = w.fma(b, c03);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p1, LITTLE)
                                    .convertShape(B2F, F, 0);
            c10 = w.fma(b, c10);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p1 + LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            c11 = w.fma(b, c11);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p1 + 2 * LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            c12 = w.fma(b, c12);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p1 + 3 * LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            c13 = w.fma(b, c13);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p2, LITTLE)
                                    .convertShape(B2F, F, 0);
            c20 = w.fma(b, c20);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p2 + LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            c21 = w.fma(b, c21);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p2 + 2 * LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            c22 = w.fma(b, c22);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p2 + 3 * LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            c23 = w.fma(b, c23);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p3, LITTLE)
                                    .convertShape(B2F, F, 0);
            c30 = w.fma(b, c30);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p3 + LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            c31 = w.fma(b, c31);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p3 + 2 * LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            c32 = w.fma(b, c32);
            w =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, data, p3 + 3 * LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            c33 = w.fma(b, c33);
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
        for (int i = 0; i < k; i++) {
            long p = from + i * INPUT_BYTES;
            FloatVector w0 =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, panel, p, LITTLE)
                                    .convertShape(B2F, F, 0);
            FloatVector w1 =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, panel, p + LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            FloatVector w2 =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, panel, p + 2 * LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
            FloatVector w3 =
                    (FloatVector)
                            ByteVector.fromMemorySegment(B, panel, p + 3 * LANES, LITTLE)
                                    .convertShape(B2F, F, 0);
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
}
