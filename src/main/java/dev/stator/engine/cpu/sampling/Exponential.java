package dev.stator.engine.cpu.sampling;

/// `exp(-x)` for whole arrays, in plain float arithmetic: the same bits on every machine and in
/// interpreted, compiled and vectorised code, with a relative error below 3e-7.
final class Exponential {
    private static final float UNDERFLOW = 87f;
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f; // few bits, so that multiples are exact
    private static final float LN2_LOW = -2.12194440e-4f;

    private Exponential() {}

    /// Writes `exp(-x[i])` for `x[i] >= 0`; 0 from 87 on.
    static void ofNegated(float[] x, float[] result, int count) {
        for (int i = 0; i < count; i++) {
            result[i] = ofNegated(x[i]);
        }
    }

    static float ofNegated(float x) {
        float y = -Math.min(x, UNDERFLOW);
        int power = (int) (y * LOG2_E - 0.5f);
        float r = y - power * LN2_HIGH - power * LN2_LOW;
        float p = 1f / 5040;
        p = p * r + 1f / 720;
        p = p * r + 1f / 120;
        p = p * r + 1f / 24;
        p = p * r + 1f / 6;
        p = p * r + 0.5f;
        p = p * r + 1f;
        p = p * r + 1f;
        float scaled = p * Float.intBitsToFloat((power + 127) << 23);
        return x < UNDERFLOW ? scaled : 0f;
    }

    /// The sum of the first `count` numbers, added in an order that depends on `count` alone.
    static double sum(float[] x, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            a += x[i];
            b += x[i + 1];
            c += x[i + 2];
            d += x[i + 3];
        }
        for (; i < count; i++) {
            a += x[i];
        }
        return (a + b) + (c + d);
    }
}
