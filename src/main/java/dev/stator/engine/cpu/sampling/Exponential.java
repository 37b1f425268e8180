package dev.stator.engine.cpu.sampling;

/// `exp(-x)` in nothing but multiplications and additions, so that the compiler turns loops over it
/// into vector code and every machine gets the same bits.
///
/// Taylor's polynomial of `exp(-x / 4096)`, squared twelve times; the relative error is below 1e-9
/// where the result is above 1e-40.
final class Exponential {
    private static final double UNDERFLOW = 700;
    private static final double NOTHING = 1e-300; // more than exp(-UNDERFLOW)

    private Exponential() {}

    /// Replaces each of the first `count` numbers `x >= 0` by `exp(-x)`, 0 for infinity.
    static void ofNegated(double[] x, int count) {
        for (int i = 0; i < count; i++) {
            x[i] = ofNegated(x[i]);
        }
    }

    static double ofNegated(double x) {
        double z = Math.min(x, UNDERFLOW) * (-1.0 / 4096);
        double p = 1.0 / 40320;
        p = p * z + 1.0 / 5040;
        p = p * z + 1.0 / 720;
        p = p * z + 1.0 / 120;
        p = p * z + 1.0 / 24;
        p = p * z + 1.0 / 6;
        p = p * z + 0.5;
        p = p * z + 1;
        p = p * z + 1;
        p = p * p;
        p = p * p;
        p = p * p;
        p = p * p;
        p = p * p;
        p = p * p;
        p = p * p;
        p = p * p;
        p = p * p;
        p = p * p;
        p = p * p;
        p = p * p;
        return Math.max(0, p - NOTHING);
    }

    /// The sum of `x[start] … x[end - 1]`, added in an order that depends on the range alone.
    static double sum(double[] x, int start, int end) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = start;
        for (; i + 3 < end; i += 4) {
            a += x[i];
            b += x[i + 1];
            c += x[i + 2];
            d += x[i + 3];
        }
        for (; i < end; i++) {
            a += x[i];
        }
        return (a + b) + (c + d);
    }
}
