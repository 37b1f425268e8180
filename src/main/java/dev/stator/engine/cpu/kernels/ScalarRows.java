package dev.stator.engine.cpu.kernels;

import java.util.Arrays;

/// The twin of `VectorRows`, and the arithmetic both share.
final class ScalarRows implements RowKernel {
    static final float EXP_MIN = -87;
    static final float EXP_MAX = 88;
    static final float LOG2_E = 1.442695f;
    static final float ROUNDER = 12_582_912; // 1.5 · 2^23: adding it rounds to an integer
    static final float LN2_HIGH = 355f / 512;
    static final float LN2_LOW = -2.12194440e-4f;
    static final float C2 = 1f / 2;
    static final float C3 = 1f / 6;
    static final float C4 = 1f / 24;
    static final float C5 = 1f / 120;
    static final float C6 = 1f / 720;
    static final float C7 = 1f / 5040;
    static final int EXPONENT_SHIFT = 23;

    @Override
    public void rmsNorm(Rows x, float[] weight, double eps, Rows y) {
        float[] in = x.data();
        float[] out = y.data();
        var chains = new float[CHAINS];
        for (int i = 0; i < weight.length; i++) {
            float value = in[x.at() + i];
            chains[i % CHAINS] = Math.fma(value, value, chains[i % CHAINS]);
        }
        float factor = normFactor(chains, weight.length, eps);
        for (int i = 0; i < weight.length; i++) {
            out[y.at() + i] = in[x.at() + i] * factor * weight[i];
        }
    }

    @Override
    public void add(Rows x, Rows y, int size) {
        for (int i = 0; i < size; i++) {
            x.data()[x.at() + i] += y.data()[y.at() + i];
        }
    }

    @Override
    public void swiGlu(Rows gate, Rows up, int size, Rows y) {
        for (int i = 0; i < size; i++) {
            y.data()[y.at() + i] = swiGlu(gate.data()[gate.at() + i], up.data()[up.at() + i]);
        }
    }

    @Override
    public void rotate(Rows x, Rows angles, int half) {
        rotate(x, angles, half, 0);
    }

    @Override
    public float softmax(Rows scores, int count, int padded, float scale) {
        float[] s = scores.data();
        int at = scores.at();
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            greatest = Math.max(greatest, s[at + i]);
        }
        var chains = new float[CHAINS];
        for (int i = 0; i < count; i++) {
            s[at + i] = exp(Math.fma(s[at + i], scale, -greatest * scale));
            chains[i % CHAINS] += s[at + i];
        }
        Arrays.fill(s, at + count, at + padded, 0);
        return 1 / tree(chains);
    }

    @Override
    public void scale(Rows x, float factor, int size, Rows y) {
        for (int i = 0; i < size; i++) {
            y.data()[y.at() + i] = Math.fma(x.data()[x.at() + i], factor, 0f);
        }
    }

    @Override
    public void scalePanel(Rows y, float[] factors, int at) {
        for (int i = 0; i < WeightFormat.PANEL_ROWS; i++) {
            y.data()[y.at() + i] *= factors[at + i];
        }
    }

    /// Rotates the pairs from `start` on.
    static void rotate(Rows x, Rows angles, int half, int start) {
        float[] data = x.data();
        for (int i = start; i < half; i++) {
            float a = data[x.at() + i];
            float b = data[x.at() + half + i];
            float cos = angles.data()[angles.at() + i];
            float sin = angles.data()[angles.at() + half + i];
            data[x.at() + i] = Math.fma(a, cos, -(b * sin));
            data[x.at() + half + i] = Math.fma(b, cos, a * sin);
        }
    }

    static float swiGlu(float gate, float up) {
        return gate / (1 + exp(-gate)) * up;
    }

    static float normFactor(float[] chains, int size, double eps) {
        return (float) (1 / Math.sqrt((double) tree(chains) / size + eps));
    }

    /// Adds the chains up and overwrites them.
    static float tree(float[] chains) {
        for (int apart = CHAINS / 2; apart > 0; apart /= 2) {
            for (int i = 0; i < apart; i++) {
                chains[i] += chains[i + apart];
            }
        }
        return chains[0];
    }

    /// `e^x` within 2 units in the last place for `x` in `[EXP_MIN, EXP_MAX]`, clamped outside:
    /// `x = n · ln 2 + r`, a Taylor polynomial for `e^r`, and `n` added to the exponent.
    static float exp(float x) {
        float clamped = Math.min(Math.max(x, EXP_MIN), EXP_MAX);
        float rounded = Math.fma(clamped, LOG2_E, ROUNDER);
        float n = rounded - ROUNDER;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, clamped));
        float p = Math.fma(C7, r, C6);
        p = Math.fma(p, r, C5);
        p = Math.fma(p, r, C4);
        p = Math.fma(p, r, C3);
        p = Math.fma(p, r, C2);
        p = Math.fma(p, r, 1);
        p = Math.fma(p, r, 1);
        int exponent = Float.floatToRawIntBits(rounded) << EXPONENT_SHIFT;
        return Float.intBitsToFloat(Float.floatToRawIntBits(p) + exponent);
    }
}
