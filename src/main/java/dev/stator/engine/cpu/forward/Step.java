package dev.stator.engine.cpu.forward;

import dev.stator.engine.cpu.forward.RaggedBatch.Slice;
import dev.stator.engine.cpu.kernels.Kernels;

/// What is fixed during one forward pass. Row `i` is token `rowToken[i]` of slice `rowSlice[i]`.
record Step(Kernels kernels, RaggedBatch batch, KvStorage kv, int[] rowSlice, int[] rowToken) {

    static Step of(Kernels kernels, RaggedBatch batch, KvStorage kv) {
        int rows = batch.tokens();
        var rowSlice = new int[rows];
        var rowToken = new int[rows];
        int row = 0;
        for (int slice = 0; slice < batch.slices().size(); slice++) {
            for (int token = 0; token < slice(batch, slice).tokens().length; token++) {
                rowSlice[row] = slice;
                rowToken[row++] = token;
            }
        }
        return new Step(kernels, batch, kv, rowSlice, rowToken);
    }

    int rows() {
        return rowSlice.length;
    }

    Slice slice(int row) {
        return slice(batch, rowSlice[row]);
    }

    int tokenId(int row) {
        return slice(row).tokens()[rowToken[row]];
    }

    int position(int row) {
        return slice(row).startPosition() + rowToken[row];
    }

    /// The greatest position, plus one.
    int positionEnd() {
        int end = 0;
        for (Slice slice : batch.slices()) {
            end = Math.max(end, slice.end());
        }
        return end;
    }

    /// Whether row `row` is a last one whose logits are wanted.
    boolean wantsLogits(int row) {
        Slice slice = slice(row);
        return slice.wantsLogits() && rowToken[row] == slice.tokens().length - 1;
    }

    private static Slice slice(RaggedBatch batch, int slice) {
        return batch.slices().get(slice);
    }
}
