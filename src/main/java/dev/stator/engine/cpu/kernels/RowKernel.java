package dev.stator.engine.cpu.kernels;

/// Operations on one row of activations. Sums run in sixteen chains, column `i` in chain
/// `i mod 16`, which are added as a tree: 8 apart, 4, 2, 1.
public interface RowKernel {

    /// Chains of a sum.
    int CHAINS = 16;

    /// `y = x / sqrt(mean(x²) + eps) · weight`, as wide as `weight`.
    void rmsNorm(Rows x, float[] weight, double eps, Rows y);

    /// `x += y`.
    void add(Rows x, Rows y, int size);

    /// `y = gate / (1 + e^-gate) · up`.
    void swiGlu(Rows gate, Rows up, int size, Rows y);

    /// Rotates the pairs `(x[i], x[i + half])` by angles whose `half` cosines and then `half` sines
    /// stand in `angles`.
    void rotate(Rows x, Rows angles, int half);

    /// Turns `count` scores into weights `e^(scale · (score - greatest score))`, writes zeros from
    /// there to `padded`, and returns the reciprocal of the weights' sum.
    float softmax(Rows scores, int count, int padded, float scale);

    /// `y = x · factor`, and never a negative zero.
    void scale(Rows x, float factor, int size, Rows y);

    /// `y[i] *= factors[at + i]` for a panel's 64 rows.
    void scalePanel(Rows y, float[] factors, int at);
}
