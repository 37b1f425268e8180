package dev.stator.engine.cpu.forward;

import static dev.stator.engine.cpu.kernels.PanelKernel.PANELS_AT_ONCE;
import static dev.stator.engine.cpu.kernels.WeightFormat.PANEL_ROWS;

import dev.stator.engine.cpu.kernels.KernelPool;
import dev.stator.engine.cpu.kernels.Kernels;
import dev.stator.engine.cpu.kernels.PanelKernel;
import dev.stator.engine.cpu.kernels.PanelKernel.Panels;
import dev.stator.engine.cpu.kernels.PanelKernel.Stripe;
import dev.stator.engine.cpu.kernels.RowKernel;
import dev.stator.engine.cpu.kernels.Rows;
import dev.stator.engine.cpu.kernels.TileKernel;
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
    private final List<Scratch> scratch;

    private static final class Scratch {
        private final MemorySegment panel =
                Arena.ofAuto().allocate(WeightFormat.F32.panelBytes(BLOCK_INPUTS), CACHE_LINE);

        @SuppressWarnings("UnusedVariable") // written so that no compiler drops the reads
        private int sink;
    }

    Products(KernelPool pool) {
        this.pool = pool;
        this.scratch = Stream.generate(Scratch::new).limit(pool.threads()).toList();
    }

    /// `y = matrix · x` for `rows` rows; both have `Tiles.padding()` rows more, and `y` is
    /// `matrix.outputStride()` wide.
    void multiply(Kernels kernels, PackedMatrix matrix, Rows x, int rows, Rows y) {
        var product = new Product(kernels, matrix, x, rows, y);
        int panels = matrix.panelCount();
        int group = rows == 1 && panels >= 2 * pool.threads() * PANELS_AT_ONCE ? PANELS_AT_ONCE : 1;
        int chunks = (panels + group - 1) / group;
        if (product.multiplyAdds() < ALONE_MAX) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                multiplyPanels(product, chunk * group, group, 0);
            }
        } else {
            pool.run(
                    chunks,
                    (chunk, worker) -> multiplyPanels(product, chunk * group, group, worker));
        }
    }

    private record Product(Kernels kernels, PackedMatrix matrix, Rows x, int rows, Rows y) {

        PanelKernel kernel() {
            return kernels.panels(matrix.format());
        }

        boolean isDirect() {
            return rows <= kernel().directTokensMax();
        }

        int paddedRows() {
            return rows + Tiles.padding();
        }

        long multiplyAdds() {
            return (long) rows * matrix.columns() * matrix.panelCount() * PANEL_ROWS;
        }

        Panels panels(int first, int input) {
            long at = first * matrix.panelBytes() + matrix.format().panelBytes(input);
            return new Panels(matrix.panels(), at, matrix.panelBytes());
        }
    }

    private void multiplyPanels(Product product, int first, int count, int worker) {
        PackedMatrix matrix = product.matrix;
        clear(product.y.shift(0, first * PANEL_ROWS), product.paddedRows(), count * PANEL_ROWS);
        if (product.rows == 1 && count == PANELS_AT_ONCE) {
            product.kernel()
                    .multiply1(
                            product.panels(first, 0),
                            matrix.columns(),
                            product.x,
                            product.y.shift(0, first * PANEL_ROWS));
        } else {
            for (int panel = first; panel < first + count; panel++) {
                multiplyPanel(product, panel, scratch.get(worker));
            }
        }
        if (matrix.format() == WeightFormat.INT8) {
            scale(product, first, count);
        }
    }

    private static void multiplyPanel(Product product, int panel, Scratch scratch) {
        PackedMatrix matrix = product.matrix;
        for (int k = 0; k < matrix.columns(); k += BLOCK_INPUTS) {
            int inputs = Math.min(BLOCK_INPUTS, matrix.columns() - k);
            Panels from = product.panels(panel, k);
            long bytes = matrix.format().panelBytes(inputs);
            scratch.sink = product.kernel().fetch(from.data(), from.at(), bytes);
            if (product.isDirect()) {
                direct(product, from, inputs, panel, k);
            } else {
                tiled(product, panel, k, inputs, scratch.panel);
            }
        }
    }

    private static void direct(Product product, Panels from, int inputs, int panel, int k) {
        Rows x = product.x.shift(0, k);
        Rows y = product.y.shift(0, panel * PANEL_ROWS);
        for (int row = 0; row < product.rows; row += 4) {
            product.kernel()
                    .multiply4(from.data(), from.at(), inputs, x.shift(row, 0), y.shift(row, 0));
        }
    }

    /// F32 panels are used as they are, others are unpacked first.
    private static void tiled(
            Product product, int panel, int k, int inputs, MemorySegment scratch) {
        Panels from = product.panels(panel, k);
        Rows x = product.x.shift(0, k);
        Rows y = product.y.shift(0, panel * PANEL_ROWS);
        TileKernel tile = product.kernels.f32();
        if (product.matrix.format() == WeightFormat.F32) {
            new Tiles(tile, from.data()).multiply(from.at(), inputs, x, y, product.rows);
        } else {
            var stripe = new Stripe(from.data(), from.at(), PANEL_ROWS);
            product.kernel().unpack(stripe, inputs, PANEL_ROWS, scratch, 0);
            new Tiles(tile, scratch).multiply(0, inputs, x, y, product.rows);
        }
    }

    private static void scale(Product product, int first, int count) {
        RowKernel kernel = product.kernels.rows();
        for (int row = 0; row < product.rows; row++) {
            for (int panel = first; panel < first + count; panel++) {
                int column = panel * PANEL_ROWS;
                kernel.scalePanel(product.y.shift(row, column), product.matrix.scales(), column);
            }
        }
    }

    private static void clear(Rows y, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            int from = y.at() + row * y.stride();
            Arrays.fill(y.data(), from, from + columns, 0);
        }
    }
}
