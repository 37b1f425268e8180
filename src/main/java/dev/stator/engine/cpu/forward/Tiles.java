package dev.stator.engine.cpu.forward;

import static dev.stator.engine.cpu.kernels.TileKernel.TILE_TOKENS;

import dev.stator.engine.cpu.kernels.Rows;
import dev.stator.engine.cpu.kernels.TileKernel;

import java.lang.foreign.MemorySegment;

/// Covers any number of rows with the shapes there are kernels for. The last tile may reach up to
/// five rows beyond the end, so `x` and `y` are that much longer than they need to be.
///
/// @param panel F32
record Tiles(TileKernel kernel, MemorySegment panel) {
    private static final int SMALL_TILE = 4;

    /// `y[row][0..64) += panel · x[row]` for `rows` rows, over the `k` inputs at byte `at`.
    void multiply(long at, int k, Rows x, Rows y, int rows) {
        int row = 0;
        while (row < rows) {
            Rows from = x.shift(row, 0);
            Rows to = y.shift(row, 0);
            int left = rows - row;
            if (left > SMALL_TILE) {
                kernel.multiply6(panel, at, k, from, to);
                row += TILE_TOKENS;
            } else {
                kernel.multiply4(panel, at, k, from, to);
                row += SMALL_TILE;
            }
        }
    }

    /// Rows that buffers need beyond those that are used.
    static int padding() {
        return TILE_TOKENS - 1;
    }
}
