package dev.stator.engine.cpu.forward;

import static dev.stator.engine.cpu.kernels.WeightFormat.PANEL_ROWS;

import dev.stator.engine.cpu.kernels.PanelKernel;

import java.lang.foreign.MemorySegment;

/// Unpacks the keys and values of one sequence's tokens, wherever its blocks are, so that lane or
/// input `i` of a panel is token `i`.
final class KvReader {
    private static final long ROW_BYTES = PANEL_ROWS * Float.BYTES;

    private final PanelKernel kernel;
    private final KvStorage kv;
    private final int[] blocks;
    private final int layer;
    private final int head;
    private final MemorySegment group;

    /// @param group F32 panel for groups that are needed in part
    KvReader(Step step, int[] blocks, int layer, int head, MemorySegment group) {
        this.kernel = step.kernels().panels(step.kv().format().numbers());
        this.kv = step.kv();
        this.blocks = blocks;
        this.layer = layer;
        this.head = head;
        this.group = group;
    }

    /// Keys of `count` tokens from `position` on: `[head_dim][64 tokens]`.
    void keys(int position, int count, MemorySegment panel) {
        for (int done = 0; done < count; ) {
            int slot = slot(position + done);
            int lane = slot % KvStorage.LANES;
            int run = Math.min(count - done, run(slot));
            PanelKernel.Stripe from = kv.keys(block(position + done), layer, head, slot);
            if (lane == 0 && done + KvStorage.LANES <= PANEL_ROWS) {
                unpack(from, kv.headDim(), panel, (long) done * Float.BYTES);
            } else {
                unpack(from, kv.headDim(), group, 0);
                for (int i = 0; i < kv.headDim(); i++) {
                    long source = i * ROW_BYTES + (long) lane * Float.BYTES;
                    long target = i * ROW_BYTES + (long) done * Float.BYTES;
                    MemorySegment.copy(group, source, panel, target, (long) run * Float.BYTES);
                }
            }
            done += run;
        }
    }

    /// Columns `[column, column + 64)` of the values of `count` tokens from `position` on:
    /// `[64 tokens][64 columns]`.
    void values(int position, int count, int column, MemorySegment panel) {
        int width = Math.min(PANEL_ROWS, kv.headDim() - column);
        for (int done = 0; done < count; ) {
            int slot = slot(position + done);
            int lane = slot % KvStorage.LANES;
            int run = Math.min(count - done, run(slot));
            PanelKernel.Stripe all = kv.values(block(position + done), layer, head, slot);
            long at = all.at() + (long) column * kv.valueColumnBytes();
            var from = new PanelKernel.Stripe(all.data(), at, all.stride());
            if (lane == 0 && done + KvStorage.LANES <= PANEL_ROWS) {
                kernel.unpack(from, KvStorage.LANES, width, panel, done * ROW_BYTES);
            } else {
                kernel.unpack(from, KvStorage.LANES, width, group, 0);
                MemorySegment.copy(
                        group, lane * ROW_BYTES, panel, done * ROW_BYTES, run * ROW_BYTES);
            }
            done += run;
        }
    }

    private void unpack(PanelKernel.Stripe from, int inputs, MemorySegment panel, long to) {
        kernel.unpack(from, inputs, KvStorage.LANES, panel, to);
    }

    private int block(int position) {
        return blocks[position / kv.blockSizeTokens()];
    }

    private int slot(int position) {
        return position % kv.blockSizeTokens();
    }

    /// How many tokens from `slot` on stand in the same group.
    private int run(int slot) {
        int inGroup = KvStorage.LANES - slot % KvStorage.LANES;
        return Math.min(inGroup, kv.blockSizeTokens() - slot);
    }
}
