package dev.stator.kv.index;

import dev.stator.tokens.SequenceHash;

/// What an event changed.
public sealed interface ApplyResult {

    /// The event was taken.
    ///
    /// @param changed blocks that came or went
    /// @param unchanged blocks that were held already, or were not held when removed
    record Applied(int changed, int unchanged) implements ApplyResult {}

    /// The event was rejected as a whole: its worker never stored the parent.
    record UnknownParent(SequenceHash parent) implements ApplyResult {}
}
