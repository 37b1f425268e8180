package dev.stator.routing.rebalance;

import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.TokenBlocks;

/// A prefix that many requests share gets another holder, because the one it has is overloaded.
///
/// @param prefix what is shared, first block first
/// @param from who holds it
/// @param to who computes it too from now on
/// @param waitSeconds until `from` would be through with the prefills booked there
public record Rebalance(TokenBlocks prefix, WorkerId from, WorkerId to, double waitSeconds) {
    public Rebalance {
        if (prefix.count() == 0) {
            throw new IllegalArgumentException("prefix must not be empty");
        }
    }

    /// By what the prefix is known: the sequence hash of its last block.
    public long sequenceHash() {
        return prefix.sequenceHash(prefix.count() - 1);
    }

    /// In words.
    @Override
    public String toString() {
        return "%d blocks of %s replicated to %s, wait %.3f s"
                .formatted(prefix.count(), from, to, waitSeconds);
    }
}
