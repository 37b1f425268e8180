package dev.stator.engine.cpu.kernels;

import static dev.stator.engine.cpu.kernels.WeightFormat.PANEL_ROWS;

import dev.stator.engine.cpu.kernels.PanelKernel.Panels;
import dev.stator.engine.cpu.kernels.PanelKernel.Stripe;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/// Puts a kernel through everything it can do, on random data.
///
/// The data is small: what counts is the number of calls after which the compiler takes a method,
/// and vector code is very slow until then.
final class KernelTrial {
    private static final int PANELS = PanelKernel.PANELS_AT_ONCE;
    private static final int INPUTS = 32;
    private static final int COLUMNS = PANELS * PANEL_ROWS + 5;
    private static final double EPS = 1e-6;
    private static final int CACHE_LINE = 64;

    private final MemorySegment panel =
            Arena.ofAuto().allocate(PANELS * WeightFormat.F32.panelBytes(INPUTS), CACHE_LINE);
    private final MemorySegment unpacked =
            Arena.ofAuto().allocate(WeightFormat.F32.panelBytes(INPUTS), CACHE_LINE);
    private final Panels panels;
    private final float[] inputs;
    private final float[] weights;

    KernelTrial(long seed) {
        var random = new SplittableRandom(seed);
        for (long i = 0; i < panel.byteSize() / Short.BYTES; i++) {
            panel.setAtIndex(ValueLayout.JAVA_SHORT, i, half(random));
        }
        this.panels = new Panels(panel, 0, panel.byteSize() / PANELS);
        this.inputs = numbers(random, TileKernel.TILE_TOKENS * COLUMNS);
        this.weights = numbers(random, COLUMNS);
    }

    /// What a panel kernel does, one exercise per method that is compiled on its own. The bytes of
    /// the panel make sense as numbers of every format.
    List<Function<PanelKernel, float[]>> panels() {
        return List.of(
                kernel -> product((x, y) -> kernel.multiply1(panels, INPUTS, x, y)),
                kernel -> product((x, y) -> kernel.multiply4(panel, 0, INPUTS, x, y)),
                kernel -> unpacked(kernel, PANEL_ROWS),
                kernel -> unpacked(kernel, RowKernel.CHAINS));
    }

    /// What a tile kernel does.
    List<Function<TileKernel, float[]>> tiles() {
        List<Function<TileKernel, float[]>> all = new ArrayList<>();
        panels().forEach(exercise -> all.add(exercise::apply));
        all.add(kernel -> product((x, y) -> kernel.multiply6(panel, 0, INPUTS, x, y)));
        return all;
    }

    /// What a row kernel does.
    List<Function<RowKernel, float[]>> rows() {
        return List.of(
                kernel -> rows(x -> kernel.rmsNorm(x, weights, EPS, x.shift(1, 0))),
                kernel -> rows(x -> kernel.add(x, x.shift(1, 0), COLUMNS)),
                kernel -> rows(x -> kernel.swiGlu(x, x.shift(1, 0), COLUMNS, x.shift(2, 0))),
                kernel -> rows(x -> kernel.rotate(x, x.shift(1, 0), PANEL_ROWS + 1)),
                kernel -> rows(x -> kernel.softmax(x, COLUMNS - 9, COLUMNS, 2.5f)),
                kernel -> rows(x -> kernel.scale(x, weights[0], COLUMNS, x.shift(1, 0))),
                kernel -> rows(x -> kernel.scalePanel(x, weights, 1)));
    }

    private float[] product(BiConsumer<Rows, Rows> method) {
        var out = new float[TileKernel.TILE_TOKENS * COLUMNS];
        Rows y = new Rows(out, 1, COLUMNS);
        method.accept(new Rows(inputs, 0, COLUMNS), y);
        method.accept(new Rows(inputs, 1, COLUMNS), y);
        return out;
    }

    private float[] unpacked(PanelKernel kernel, int width) {
        kernel.unpack(new Stripe(panel, 0, width), INPUTS, width, unpacked, 0);
        return unpacked.toArray(ValueLayout.JAVA_FLOAT);
    }

    private float[] rows(Consumer<Rows> operation) {
        float[] data = inputs.clone();
        operation.accept(new Rows(data, 0, COLUMNS));
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
