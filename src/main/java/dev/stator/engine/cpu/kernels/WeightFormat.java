package dev.stator.engine.cpu.kernels;

/// How the numbers of a panel are stored.
///
/// A panel holds 64 output rows of a matrix, input by input, so that a vector lane is an output row
/// and no sum ever crosses lanes. `[k]` counts inputs.
public enum WeightFormat {
    /// `[k][64 rows]` floats.
    F32(4),
    /// `[k / 2][64 rows]` ints: input `k` in the low half, `k + 1` in the high half.
    BF16(2),
    /// `[k][64 rows]` signed bytes; the row's scale is applied to the finished sum.
    INT8(1);

    /// Output rows of a panel.
    public static final int PANEL_ROWS = 64;

    private final int bytes;

    WeightFormat(int bytes) {
        this.bytes = bytes;
    }

    /// Bytes per weight.
    public int bytes() {
        return bytes;
    }

    /// Bytes of a panel of `inputs` inputs.
    public long panelBytes(int inputs) {
        return (long) PANEL_ROWS * inputs * bytes;
    }
}
