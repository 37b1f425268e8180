package dev.stator.engine.cpu.kernels;

import static dev.stator.engine.cpu.kernels.WeightFormat.PANEL_ROWS;

import dev.stator.engine.cpu.kernels.PanelKernel.Stripe;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Puts a kernel through everything it can do, on random data.
///
/// The data is small: what counts is the number of calls after which the compiler takes a method,
/// and vector code is very slow until then.
final class KernelTrial {
    private static final int INPUTS = 32;
    private static final int COLUMNS = 3 * PANEL_ROWS + 5;
    private static final int HALF = PANEL_ROWS / 2;
    private static final double EPS = 1e-6;
    private static final int CACHE_LINE = 64;

    private final MemorySegment panel =
            Arena.ofAuto().allocate(WeightFormat.F32.panelBytes(INPUTS), CACHE_LINE);
    private final MemorySegment unpacked =
            Arena.ofAuto().allocate(WeightFormat.F32.panelBytes(INPUTS), CACHE_LINE);
    private final float[] inputs;
    private final float[] weights;

    KernelTrial(long seed) {
        var random = new SplittableRandom(seed);
        for (long i = 0; i < panel.byteSize() / Short.BYTES; i++) {
            panel.setAtIndex(ValueLayout.JAVA_SHORT, i, half(random));
        }
        this.inputs = numbers(random, TileKernel.TILE_TOKENS * COLUMNS);
        this.weights = numbers(random, COLUMNS);
    }

    /// All that `kernel` computes from this trial's data. The bytes of a panel make sense as
    /// numbers of every format.
    float[] panels(PanelKernel kernel) {
        var out = new float[TileKernel.TILE_TOKENS * COLUMNS];
        Rows x = new Rows(inputs, 0, COLUMNS);
        Rows y = new Rows(out, 1, COLUMNS);
        kernel.multiply1(panel, 0, INPUTS, x, y);
        kernel.multiply4(panel, 0, INPUTS, x, y);
        kernel.unpack(new Stripe(panel, 0, PANEL_ROWS), INPUTS, PANEL_ROWS, unpacked, 0);
        kernel.unpack(new Stripe(panel, 0, HALF / 2), INPUTS, HALF / 2, unpacked, CACHE_LINE);
        int count = INPUTS * PANEL_ROWS;
        float[] all = Arrays.copyOf(out, out.length + count);
        MemorySegment.copy(unpacked, ValueLayout.JAVA_FLOAT, 0, all, out.length, count);
        return all;
    }

    /// All that `kernel` computes from this trial's data.
    float[] tiles(TileKernel kernel) {
        float[] out = panels(kernel);
        kernel.multiply6(panel, 0, INPUTS, new Rows(inputs, 0, COLUMNS), new Rows(out, 1, COLUMNS));
        return out;
    }

    /// All that `kernel` computes from this trial's data.
    float[] rows(RowKernel kernel) {
        float[] data = inputs.clone();
        Rows first = new Rows(data, 0, COLUMNS);
        Rows second = first.shift(1, 0);
        kernel.rmsNorm(first, weights, EPS, first);
        kernel.add(first, second, COLUMNS);
        kernel.swiGlu(first, second, COLUMNS, first.shift(2, 0));
        kernel.rotate(first.shift(2, 0), second, HALF);
        float sum = kernel.softmax(first.shift(3, 0), COLUMNS - HALF - 1, COLUMNS, 2.5f);
        kernel.scale(second, sum, COLUMNS, first.shift(4, 0));
        kernel.scalePanel(first.shift(5, 0), weights, 1);
        return data;
    }

    /// The upper half of a float between -2 and 2.
    private static short half(SplittableRandom random) {
        return (short) (Float.floatToRawIntBits(random.nextFloat(-2, 2)) >>> Short.SIZE);
    }

    private static float[] numbers(SplittableRandom random, int count) {
        var numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat(-2, 2);
        }
        return numbers;
    }
}
