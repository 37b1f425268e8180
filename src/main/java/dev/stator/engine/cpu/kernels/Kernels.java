package dev.stator.engine.cpu.kernels;

/// A choice of kernels. All choices give the same bits.
///
/// @param f32 F32 panels, and what the others unpack to
/// @param bf16 BF16 panels
/// @param int8 INT8 panels
/// @param rows norms, activations, softmax
public record Kernels(TileKernel f32, PanelKernel bf16, PanelKernel int8, RowKernel rows) {
    /// Runs everywhere, at once and slowly.
    public static final Kernels SCALAR =
            new Kernels(
                    new ScalarPanels(WeightFormat.F32),
                    new ScalarPanels(WeightFormat.BF16),
                    new ScalarPanels(WeightFormat.INT8),
                    new ScalarRows());

    /// There is no vector of fewer bytes.
    private static final int BYTE_LANES_MIN = 8;

    /// The vector kernels of this machine, compiled or not; slow until they are.
    /// Throws `LinkageError` when the JVM runs without the module `jdk.incubator.vector`.
    public static Kernels vector() {
        PanelKernel int8 = VectorF32.LANES < BYTE_LANES_MIN ? SCALAR.int8 : new VectorInt8();
        return new Kernels(new VectorF32(), new VectorBf16(), int8, new VectorRows());
    }

    /// The kernel for panels of `format`.
    public PanelKernel panels(WeightFormat format) {
        return switch (format) {
            case F32 -> f32;
            case BF16 -> bf16;
            case INT8 -> int8;
        };
    }

    Kernels withF32(TileKernel kernel) {
        return new Kernels(kernel, bf16, int8, rows);
    }

    Kernels withBf16(PanelKernel kernel) {
        return new Kernels(f32, kernel, int8, rows);
    }

    Kernels withInt8(PanelKernel kernel) {
        return new Kernels(f32, bf16, kernel, rows);
    }

    Kernels withRows(RowKernel kernel) {
        return new Kernels(f32, bf16, int8, kernel);
    }
}
