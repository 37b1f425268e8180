package dev.stator.engine.cpu.kernels;

import java.lang.foreign.MemorySegment;

/// The F32 kernel: what other formats unpack to when there are many tokens.
public interface TileKernel extends PanelKernel {

    /// Tokens of the widest tile.
    int TILE_TOKENS = 6;

    /// Six tokens: rows 0 to 5 of `x` and `y`, one panel.
    void multiply6(MemorySegment panel, long at, int k, Rows x, Rows y);
}
