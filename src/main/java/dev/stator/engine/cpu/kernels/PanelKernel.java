package dev.stator.engine.cpu.kernels;

import java.lang.foreign.MemorySegment;

/// Multiplies panels of one `WeightFormat` with activations.
///
/// Every method adds to `y` in one order, whatever it computes beside it: each of the 64 outputs of
/// a token is one chain of fused multiply-adds over the inputs, first to last, that starts from the
/// value found in `y`. So a product may be cut along its inputs, and no caller can tell by the bits
/// which method ran. INT8 weights enter as exact integers, without their scale.
public interface PanelKernel {

    /// Numbers in the order of a panel, but `stride` instead of 64 apart from input to input.
    ///
    /// @param at offset of the first, in bytes
    record Stripe(MemorySegment data, long at, int stride) {}

    /// Up to how many tokens to use this kernel; for more it is faster to unpack the panel once and
    /// to use the F32 kernel.
    int directTokensMax();

    /// One token: `y[0..64) += panel · x[0..k)`.
    ///
    /// @param at offset of the panel's first used input, in bytes
    /// @param k inputs; even for BF16
    void multiply1(MemorySegment panel, long at, int k, Rows x, Rows y);

    /// Four tokens: rows 0 to 3 of `x` and `y`.
    void multiply4(MemorySegment panel, long at, int k, Rows x, Rows y);

    /// Writes `k` inputs of `width` rows as floats into an F32 panel, from byte `to` on.
    ///
    /// @param width a multiple of 16
    void unpack(Stripe from, int k, int width, MemorySegment panel, long to);
}
