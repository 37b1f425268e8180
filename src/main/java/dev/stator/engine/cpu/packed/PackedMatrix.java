package dev.stator.engine.cpu.packed;

import static dev.stator.engine.cpu.kernels.WeightFormat.PANEL_ROWS;

import dev.stator.engine.cpu.kernels.PanelKernel;
import dev.stator.engine.cpu.kernels.WeightFormat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A weight matrix cut into panels of 64 rows, padded with zeros to a multiple of four panels.
///
/// @param rows outputs
/// @param columns inputs
/// @param scales one per padded row for INT8, else empty; never written
public record PackedMatrix(
        WeightFormat format, int rows, int columns, MemorySegment panels, float[] scales) {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// `rows` rounded up to what kernels compute at once.
    public static int padded(int rows) {
        int group = PanelKernel.PANELS_AT_ONCE * PANEL_ROWS;
        return (rows + group - 1) / group * group;
    }

    /// Panels that are not all padding.
    public int panelCount() {
        return (rows + PANEL_ROWS - 1) / PANEL_ROWS;
    }

    /// Floats from one output row to the next of a product with this matrix.
    public int outputStride() {
        return padded(rows);
    }

    public long panelBytes() {
        return format.panelBytes(columns);
    }

    /// Decodes row `row` to `out[at, at + columns)`.
    public void row(int row, float[] out, int at) {
        long base = row / PANEL_ROWS * panelBytes();
        int lane = row % PANEL_ROWS;
        for (int k = 0; k < columns; k++) {
            out[at + k] = weight(base, k, lane);
        }
        if (format == WeightFormat.INT8) {
            for (int k = 0; k < columns; k++) {
                out[at + k] *= scales[row];
            }
        }
    }

    /// Byte offset of a weight in its panel.
    static long offset(WeightFormat format, int k, int lane) {
        return switch (format) {
            case F32 -> ((long) k * PANEL_ROWS + lane) * Float.BYTES;
            case BF16 ->
                    ((long) (k / 2) * PANEL_ROWS + lane) * Integer.BYTES
                            + (long) (k % 2) * Short.BYTES;
            case INT8 -> (long) k * PANEL_ROWS + lane;
        };
    }

    private float weight(long base, int k, int lane) {
        long at = base + offset(format, k, lane);
        return switch (format) {
            case F32 -> panels.get(FLOAT, at);
            case BF16 -> Bf16.toFloat(panels.get(SHORT, at));
            case INT8 -> panels.get(ValueLayout.JAVA_BYTE, at);
        };
    }
}
