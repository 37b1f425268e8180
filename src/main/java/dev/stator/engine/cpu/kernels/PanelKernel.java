package dev.stator.engine.cpu.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Multiplies panels of one `WeightFormat` with activations.
///
/// Every method adds to `y` in one order, whatever it computes beside it: each output of a token
/// is one chain of fused multiply-adds over the inputs, first to last, that starts from the
/// value found in `y`. So a product may be cut along its inputs, and no caller can tell by the bits
/// which method ran. INT8 weights enter as exact integers, without their scale.
public interface PanelKernel {

    /// Numbers in the order of a panel, but `stride` instead of 64 apart from input to input.
    ///
    /// @param at offset of the first, in bytes
    record Stripe(MemorySegment data, long at, int stride) {}

    /// Panels that meet at once. Each is read as a stream of its own: one stream of memory does not
    /// keep a core busy.
    ///
    /// @param at offset of the first used input of the first panel, in bytes
    /// @param stride bytes from panel to panel
    record Panels(MemorySegment data, long at, long stride) {

        /// The panels from `count` further on.
        public Panels shift(int count) {
            return new Panels(data, at + count * stride, stride);
        }
    }

    /// Panels that meet one token at once.
    int PANELS_AT_ONCE = 4;

    /// Bytes of a cache line, or a divisor of them.
    int LINE_BYTES = 64;

    /// Up to how many tokens to use this kernel; for more it is faster to unpack the panel once and
    /// to use the F32 kernel.
    int directTokensMax();

    /// One token, four panels: `y[0..256) += panels · x[0..k)`.
    ///
    /// @param k inputs; even for BF16
    void multiply1(Panels panels, int k, Rows x, Rows y);

    /// Four tokens, one panel: rows 0 to 3 of `x` and `y`.
    ///
    /// @param at offset of the panel's first used input, in bytes
    void multiply4(MemorySegment panel, long at, int k, Rows x, Rows y);

    /// Reads memory into the cache, faster than a kernel that computes meanwhile would. The result
    /// says nothing; it must be stored for the reading not to be optimised away.
    default int fetch(MemorySegment panel, long at, long bytes) {
        int even = 0;
        int odd = 0;
        int steps = (int) (bytes / (4 * LINE_BYTES));
        for (int i = 0; i < steps; i++) {
            long p = at + (long) i * 4 * LINE_BYTES;
            even += panel.get(ValueLayout.JAVA_INT_UNALIGNED, p);
            odd += panel.get(ValueLayout.JAVA_INT_UNALIGNED, p + LINE_BYTES);
            even += panel.get(ValueLayout.JAVA_INT_UNALIGNED, p + 2 * LINE_BYTES);
            odd += panel.get(ValueLayout.JAVA_INT_UNALIGNED, p + 3 * LINE_BYTES);
        }
        return even + odd;
    }

    /// Writes `k` inputs of `width` rows as floats into an F32 panel, from byte `to` on.
    ///
    /// @param width a multiple of 16
    void unpack(Stripe from, int k, int width, MemorySegment panel, long to);
}
