package dev.stator.kv.index;

import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.TokenBlocks;

/// What a router asks: how many leading blocks of a prompt each worker holds, as far as this knows
/// or guesses. Thread-safe.
public interface PrefixMatcher {

    /// The workers that hold the first block of the prompt, each with how many blocks it holds
    /// without a gap, and where.
    Overlaps match(TokenBlocks prompt);

    /// A router sent the prompt to the worker. What hears of caches by events learns nothing here.
    default void routed(WorkerId worker, TokenBlocks prompt) {}

    /// Forgets everything about a worker.
    void remove(WorkerId worker);
}
