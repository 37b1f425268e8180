package dev.stator.engine.cpu.forward;

import static dev.stator.engine.cpu.kernels.WeightFormat.PANEL_ROWS;

import dev.stator.engine.cpu.kernels.KernelPool;
import dev.stator.engine.cpu.kernels.Kernels;
import dev.stator.engine.cpu.kernels.PanelKernel;
import dev.stator.engine.cpu.kernels.PanelKernel.Stripe;
import dev.stator.engine.cpu.kernels.Rows;
import dev.stator.engine.cpu.kernels.WeightFormat;
import dev.stator.engine.cpu.packed.PackedMatrix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Products of packed matrices with rows of activations, panel by panel on all threads.
///
/// Few rows meet the packed weights directly: such a product is bound by memory. For many rows a
/// part of a panel is unpacked to floats once, stays in the cache, and meets all of them. Both give
/// the same bits, see `PanelKernel`.
final class Products {
    /// Inputs unpacked at a time: 256 KiB of floats, which fit a second-level cache.
    private static final int BLOCK_INPUTS = 1_024;

    /// Multiply-adds below which waking other threads costs more than it saves.
    private static final long ALONE_MAX = 1 << 17;

    private static final int CACHE_LINE = 64;

    private final KernelPool pool;
    private final List<MemorySegment> scratch;

    Products(KernelPool pool) {
        this.pool = pool;
        this.scratch =
                Stream.generate(
                                () ->
                                        Arena.ofAuto()
                                                .allocate(
                                                        WeightFormat.F32.panelBytes(BLOCK_INPUTS),
                                                        CACHE_LINE))
                        .limit(pool.threads())
                        .toList();
    }

    /// `y = matrix · x` for `rows` rows; both have `Tiles.padding()` rows more, and `y` is
    /// `matrix.outputStride()` wide.
    void multiply(Kernels kernels, PackedMatrix matrix, Rows x, int rows, Rows y) {
        int panels = matrix.panelCount();
        if ((long) rows * matrix.columns() * panels * PANEL_ROWS < ALONE_MAX) {
            for (int panel = 0; panel < panels; panel++) {
                multiplyPanel(new Product(kernels, matrix, x, rows, y), panel, 0);
            }
        } else {
            var product = new Product(kernels, matrix, x, rows, y);
            pool.run(panels, (panel, worker) -> multiplyPanel(product, panel, worker));
        }
    }

    private record Product(Kernels kernels, PackedMatrix matrix, Rows x, int rows, Rows y) {}

    private void multiplyPanel(Product product, int panel, int worker) {
        PackedMatrix matrix = product.matrix;
        Rows y = product.y.shift(0, panel * PANEL_ROWS);
        clear(y, product.rows + Tiles.padding());
        long at = panel * matrix.panelBytes();
        PanelKernel kernel = product.kernels.panels(matrix.format());
        if (matrix.format() == WeightFormat.F32) {
            var tiles = new Tiles(product.kernels.f32(), matrix.panels());
            for (int k = 0; k < matrix.columns(); k += BLOCK_INPUTS) {
                int count = Math.min(BLOCK_INPUTS, matrix.columns() - k);
                long from = at + WeightFormat.F32.panelBytes(k);
                tiles.multiply(from, count, product.x.shift(0, k), y, product.rows);
            }
        } else if (product.rows <= kernel.directTokensMax()) {
            direct(kernel, product, at, y);
        } else {
            unpacked(kernel, product, at, y, scratch.get(worker));
        }
        if (matrix.format() == WeightFormat.INT8) {
            for (int row = 0; row < product.rows; row++) {
                product.kernels
                        .rows()
                        .scalePanel(y.shift(row, 0), matrix.scales(), panel * PANEL_ROWS);
            }
        }
    }

    private static void direct(PanelKernel kernel, Product product, long at, Rows y) {
        MemorySegment panels = product.matrix.panels();
        int k = product.matrix.columns();
        int row = 0;
        for (; row + 1 < product.rows; row += 4) {
            kernel.multiply4(panels, at, k, product.x.shift(row, 0), y.shift(row, 0));
        }
        if (row < product.rows) {
            kernel.multiply1(panels, at, k, product.x.shift(row, 0), y.shift(row, 0));
        }
    }

    private static void unpacked(
            PanelKernel kernel, Product product, long at, Rows y, MemorySegment scratch) {
        PackedMatrix matrix = product.matrix;
        var tiles = new Tiles(product.kernels.f32(), scratch);
        for (int k = 0; k < matrix.columns(); k += BLOCK_INPUTS) {
            int count = Math.min(BLOCK_INPUTS, matrix.columns() - k);
            long from = at + matrix.format().panelBytes(k);
            kernel.unpack(
                    new Stripe(matrix.panels(), from, PANEL_ROWS), count, PANEL_ROWS, scratch, 0);
            tiles.multiply(0, count, product.x.shift(0, k), y, product.rows);
        }
    }

    private static void clear(Rows y, int rows) {
        for (int row = 0; row < rows; row++) {
            int from = y.at() + row * y.stride();
            Arrays.fill(y.data(), from, from + PANEL_ROWS, 0);
        }
    }
}
