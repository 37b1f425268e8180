package dev.stator.engine.cpu.kernels;

import static dev.stator.engine.cpu.kernels.ScalarRows.C2;
import static dev.stator.engine.cpu.kernels.ScalarRows.C3;
import static dev.stator.engine.cpu.kernels.ScalarRows.C4;
import static dev.stator.engine.cpu.kernels.ScalarRows.C5;
import static dev.stator.engine.cpu.kernels.ScalarRows.C6;
import static dev.stator.engine.cpu.kernels.ScalarRows.C7;
import static dev.stator.engine.cpu.kernels.ScalarRows.EXPONENT_SHIFT;
import static dev.stator.engine.cpu.kernels.ScalarRows.EXP_MAX;
import static dev.stator.engine.cpu.kernels.ScalarRows.EXP_MIN;
import static dev.stator.engine.cpu.kernels.ScalarRows.LN2_HIGH;
import static dev.stator.engine.cpu.kernels.ScalarRows.LN2_LOW;
import static dev.stator.engine.cpu.kernels.ScalarRows.LOG2_E;
import static dev.stator.engine.cpu.kernels.ScalarRows.ROUNDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import java.util.Arrays;

/// Sixteen columns at a time, in as many vectors as they need; what is left over is scalar.
final class VectorRows implements RowKernel {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = F.length();

    @Override
    public void rmsNorm(Rows x, float[] weight, double eps, Rows y) {
        float[] in = x.data();
        float[] out = y.data();
        int from = x.at();
        int to = y.at();
        int even = weight.length - weight.length % CHAINS;
        var chains = new float[CHAINS];
        for (int lane = 0; lane < CHAINS; lane += LANES) {
            FloatVector sum = FloatVector.zero(F);
            for (int i = lane; i < even; i += CHAINS) {
                FloatVector value = FloatVector.fromArray(F, in, from + i);
                sum = value.fma(value, sum);
            }
            sum.intoArray(chains, lane);
        }
        for (int i = even; i < weight.length; i++) {
            chains[i - even] = Math.fma(in[from + i], in[from + i], chains[i - even]);
        }
        float factor = ScalarRows.normFactor(chains, weight.length, eps);
        for (int i = 0; i < even; i += LANES) {
            FloatVector.fromArray(F, in, from + i)
                    .mul(factor)
                    .mul(FloatVector.fromArray(F, weight, i))
                    .intoArray(out, to + i);
        }
        for (int i = even; i < weight.length; i++) {
            out[to + i] = in[from + i] * factor * weight[i];
        }
    }

    @Override
    public void add(Rows x, Rows y, int size) {
        float[] a = x.data();
        float[] b = y.data();
        int i = 0;
        for (; i + LANES <= size; i += LANES) {
            FloatVector.fromArray(F, a, x.at() + i)
                    .add(FloatVector.fromArray(F, b, y.at() + i))
                    .intoArray(a, x.at() + i);
        }
        for (; i < size; i++) {
            a[x.at() + i] += b[y.at() + i];
        }
    }

    @Override
    public void swiGlu(Rows gate, Rows up, int size, Rows y) {
        float[] g = gate.data();
        float[] u = up.data();
        float[] out = y.data();
        int i = 0;
        for (; i + LANES <= size; i += LANES) {
            FloatVector value = FloatVector.fromArray(F, g, gate.at() + i);
            value.div(exp(value.neg()).add(1))
                    .mul(FloatVector.fromArray(F, u, up.at() + i))
                    .intoArray(out, y.at() + i);
        }
        for (; i < size; i++) {
            out[y.at() + i] = ScalarRows.swiGlu(g[gate.at() + i], u[up.at() + i]);
        }
    }

    @Override
    public void rotate(Rows x, Rows angles, int half) {
        float[] data = x.data();
        float[] table = angles.data();
        int i = 0;
        for (; i + LANES <= half; i += LANES) {
            FloatVector a = FloatVector.fromArray(F, data, x.at() + i);
            FloatVector b = FloatVector.fromArray(F, data, x.at() + half + i);
            FloatVector cos = FloatVector.fromArray(F, table, angles.at() + i);
            FloatVector sin = FloatVector.fromArray(F, table, angles.at() + half + i);
            a.fma(cos, b.mul(sin).neg()).intoArray(data, x.at() + i);
            b.fma(cos, a.mul(sin)).intoArray(data, x.at() + half + i);
        }
        ScalarRows.rotate(x, angles, half, i);
    }

    @Override
    public float softmax(Rows scores, int count, int padded, float scale) {
        float[] s = scores.data();
        int at = scores.at();
        int even = count - count % CHAINS;
        float shift = -greatest(s, at, count) * scale;
        var chains = new float[CHAINS];
        for (int lane = 0; lane < CHAINS; lane += LANES) {
            FloatVector sum = FloatVector.zero(F);
            for (int i = at + lane; i < at + even; i += CHAINS) {
                FloatVector score = FloatVector.fromArray(F, s, i);
                FloatVector weight =
                        exp(
                                score.fma(
                                        FloatVector.broadcast(F, scale),
                                        FloatVector.broadcast(F, shift)));
                weight.intoArray(s, i);
                sum = sum.add(weight);
            }
            sum.intoArray(chains, lane);
        }
        for (int i = even; i < count; i++) {
            s[at + i] = ScalarRows.exp(Math.fma(s[at + i], scale, shift));
            chains[i - even] += s[at + i];
        }
        Arrays.fill(s, at + count, at + padded, 0);
        return 1 / ScalarRows.tree(chains);
    }

    @Override
    public void scale(Rows x, float factor, int size, Rows y) {
        float[] in = x.data();
        float[] out = y.data();
        FloatVector factors = FloatVector.broadcast(F, factor);
        int i = 0;
        for (; i + LANES <= size; i += LANES) {
            FloatVector.fromArray(F, in, x.at() + i)
                    .fma(factors, FloatVector.zero(F))
                    .intoArray(out, y.at() + i);
        }
        for (; i < size; i++) {
            out[y.at() + i] = Math.fma(in[x.at() + i], factor, 0f);
        }
    }

    @Override
    public void scalePanel(Rows y, float[] factors, int at) {
        float[] out = y.data();
        for (int i = 0; i < WeightFormat.PANEL_ROWS; i += LANES) {
            FloatVector.fromArray(F, out, y.at() + i)
                    .mul(FloatVector.fromArray(F, factors, at + i))
                    .intoArray(out, y.at() + i);
        }
    }

    private static float greatest(float[] s, int at, int count) {
        var lanes = new float[LANES];
        FloatVector most = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            most = most.max(FloatVector.fromArray(F, s, at + i));
        }
        most.intoArray(lanes, 0);
        float greatest = Float.NEGATIVE_INFINITY;
        for (float lane : lanes) {
            greatest = Math.max(greatest, lane);
        }
        for (; i < count; i++) {
            greatest = Math.max(greatest, s[at + i]);
        }
        return greatest;
    }

    /// As `ScalarRows.exp`, operation for operation.
    private static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.max(EXP_MIN).min(EXP_MAX);
        FloatVector rounded =
                clamped.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUNDER));
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector r =
                n.fma(
                        FloatVector.broadcast(F, -LN2_LOW),
                        n.fma(FloatVector.broadcast(F, -LN2_HIGH), clamped));
        FloatVector p = FloatVector.broadcast(F, C7).fma(r, FloatVector.broadcast(F, C6));
        p = p.fma(r, FloatVector.broadcast(F, C5));
        p = p.fma(r, FloatVector.broadcast(F, C4));
        p = p.fma(r, FloatVector.broadcast(F, C3));
        p = p.fma(r, FloatVector.broadcast(F, C2));
        p = p.fma(r, FloatVector.broadcast(F, 1));
        p = p.fma(r, FloatVector.broadcast(F, 1));
        IntVector exponent =
                rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_SHIFT);
        return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }
}
