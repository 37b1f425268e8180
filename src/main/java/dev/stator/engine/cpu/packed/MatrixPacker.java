package dev.stator.engine.cpu.packed;

import static dev.stator.engine.cpu.kernels.WeightFormat.PANEL_ROWS;

import dev.stator.engine.cpu.kernels.KernelPool;
import dev.stator.engine.cpu.kernels.WeightFormat;
import dev.stator.engine.cpu.weights.Tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// Repacks row-major tensors into panels, several panels at a time.
final class MatrixPacker {
    private static final int PANELS_PER_CHUNK = 8;
    private static final int CACHE_LINE = 64;
    private static final float INT8_MAX = 127;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final WeightFormat format;
    private final Arena arena;
    private final KernelPool pool;

    MatrixPacker(WeightFormat format, Arena arena, KernelPool pool) {
        this.format = format;
        this.arena = arena;
        this.pool = pool;
    }

    WeightFormat format() {
        return format;
    }

    /// One matrix whose rows are those of `parts`, in order. All have the same number of columns.
    PackedMatrix pack(List<Tensor> parts) {
        int rows = parts.stream().mapToInt(Tensor::rows).sum();
        int columns = parts.getFirst().columns();
        if (columns % 2 != 0) {
            throw new IllegalArgumentException(
                    "matrix must have an even number of columns: "
                            + parts.getFirst().name()
                            + " has "
                            + columns);
        }
        int panels = PackedMatrix.padded(rows) / PANEL_ROWS;
        MemorySegment memory = arena.allocate(panels * format.panelBytes(columns), CACHE_LINE);
        var scales = new float[format == WeightFormat.INT8 ? panels * PANEL_ROWS : 0];
        var packed = new PackedMatrix(format, rows, columns, memory, scales);
        int chunks = (panels + PANELS_PER_CHUNK - 1) / PANELS_PER_CHUNK;
        pool.run(
                chunks,
                (chunk, _) -> {
                    var values = new float[PANEL_ROWS * columns];
                    int end = Math.min(panels, (chunk + 1) * PANELS_PER_CHUNK);
                    for (int panel = chunk * PANELS_PER_CHUNK; panel < end; panel++) {
                        read(parts, panel * PANEL_ROWS, columns, values);
                        write(packed, panel, values);
                    }
                });
        return packed;
    }

    /// Rows `[first, first + 64)` as floats, zeros where there are none.
    private static void read(List<Tensor> parts, int first, int columns, float[] values) {
        Arrays.fill(values, 0);
        int start = 0;
        for (Tensor part : parts) {
            int from = Math.max(first, start);
            int to = Math.min(first + PANEL_ROWS, start + part.rows());
            for (int row = from; row < to; row++) {
                long source = (long) (row - start) * columns;
                int target = (row - first) * columns;
                for (int k = 0; k < columns; k++) {
                    values[target + k] = part.at(source + k);
                }
            }
            start += part.rows();
        }
    }

    private static void write(PackedMatrix packed, int panel, float[] values) {
        int columns = packed.columns();
        MemorySegment target =
                packed.panels().asSlice(panel * packed.panelBytes(), packed.panelBytes());
        switch (packed.format()) {
            case F32 -> writeFloats(target, columns, values);
            case BF16 -> writePairs(target, columns, values);
            case INT8 -> writeBytes(target, columns, values, packed.scales(), panel * PANEL_ROWS);
        }
    }

    private static void writeFloats(MemorySegment target, int columns, float[] values) {
        for (int k = 0; k < columns; k++) {
            for (int lane = 0; lane < PANEL_ROWS; lane++) {
                long at = PackedMatrix.offset(WeightFormat.F32, k, lane);
                target.set(FLOAT, at, values[lane * columns + k]);
            }
        }
    }

    private static void writePairs(MemorySegment target, int columns, float[] values) {
        for (int k = 0; k < columns; k += 2) {
            for (int lane = 0; lane < PANEL_ROWS; lane++) {
                int from = lane * columns + k;
                int low = Bf16.of(values[from]) & 0xFFFF;
                int high = Bf16.of(values[from + 1]) << Short.SIZE;
                target.set(INT, PackedMatrix.offset(WeightFormat.BF16, k, lane), high | low);
            }
        }
    }

    private static void writeBytes(
            MemorySegment target, int columns, float[] values, float[] scales, int firstRow) {
        var inverse = new double[PANEL_ROWS];
        for (int lane = 0; lane < PANEL_ROWS; lane++) {
            float greatest = 0;
            for (int k = 0; k < columns; k++) {
                greatest = Math.max(greatest, Math.abs(values[lane * columns + k]));
            }
            scales[firstRow + lane] = greatest / INT8_MAX;
            inverse[lane] = greatest == 0 ? 0 : (double) INT8_MAX / greatest;
        }
        for (int k = 0; k < columns; k++) {
            for (int lane = 0; lane < PANEL_ROWS; lane++) {
                byte rounded = (byte) Math.rint(values[lane * columns + k] * inverse[lane]);
                target.set(
                        ValueLayout.JAVA_BYTE,
                        PackedMatrix.offset(WeightFormat.INT8, k, lane),
                        rounded);
            }
        }
    }
}
