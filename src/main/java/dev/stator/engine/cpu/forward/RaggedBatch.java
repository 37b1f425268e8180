package dev.stator.engine.cpu.forward;

import java.util.List;

/// The tokens of one step: prefill chunks and single decode tokens of different sequences.
public record RaggedBatch(List<Slice> slices) {

    /// Consecutive tokens of one sequence whose earlier tokens are in the KV memory.
    ///
    /// @param tokens at least one; read, never kept
    /// @param startPosition how many tokens of the sequence come before
    /// @param blocks the sequence's blocks in order, enough to hold `startPosition + tokens.length`
    ///     tokens
    /// @param wantsLogits of the last token
    public record Slice(int[] tokens, int startPosition, int[] blocks, boolean wantsLogits) {
        public Slice {
            if (tokens.length == 0 || startPosition < 0) {
                throw new IllegalArgumentException(
                        "a slice needs tokens and a position: %d tokens at %d"
                                .formatted(tokens.length, startPosition));
            }
        }

        /// Tokens of the sequence that are known after the step.
        int end() {
            return startPosition + tokens.length;
        }
    }

    public RaggedBatch {
        slices = List.copyOf(slices);
    }

    /// Tokens of all slices.
    public int tokens() {
        int sum = 0;
        for (Slice slice : slices) {
            sum += slice.tokens().length;
        }
        return sum;
    }

    /// How many slices want logits.
    public int logitRows() {
        int sum = 0;
        for (Slice slice : slices) {
            sum += slice.wantsLogits() ? 1 : 0;
        }
        return sum;
    }
}
