package dev.stator.engine.batching;

import dev.stator.engine.GenerationRequest;

/// What one sequence does in one step: KV of its tokens `[start, start + count)` is computed and,
/// when it `samples`, its next token is drawn from the logits of the last of them.
///
/// Valid during the step. The arrays are shared with the scheduler and read only.
public interface SequenceSlice {

    GenerationRequest request();

    /// A number below `maxSequences` that no other running sequence has; for the executor's
    /// per-sequence state. A sequence may get another one after a preemption.
    int slot();

    /// Position of the first token to compute; the KV of everything before it is in the blocks.
    int start();

    /// Tokens to compute, at least 1.
    int count();

    /// Whether the slice ends at the last known token.
    boolean samples();

    /// Prompt and output so far, valid in `[0, tokenCount())`.
    int[] tokens();

    int tokenCount();

    /// Physical block ids, valid in `[0, blockCount())`: entry `i` holds positions from
    /// `i * blockSizeTokens` on. They cover all tokens of the slice.
    int[] blocks();

    int blockCount();

    default int promptTokens() {
        return request().prompt().size();
    }

    /// Tokens sampled so far; the next one has this index.
    default int outputTokens() {
        return tokenCount() - promptTokens();
    }
}
