package dev.stator.engine.cpu.forward;

import java.util.Arrays;

/// Scores of every token of the vocabulary, one row per slice that wanted them, in their order.
/// Valid until the next step: `values` is used again.
///
/// @param stride floats from one row to the next; only the first `vocabularySize` mean something
public record Logits(float[] values, int rows, int stride, int vocabularySize) {

    /// Where row `row` begins in `values`.
    public int offset(int row) {
        return row * stride;
    }

    /// A copy of row `row`.
    public float[] row(int row) {
        return Arrays.copyOfRange(values, offset(row), offset(row) + vocabularySize);
    }
}
