package dev.stator.kv.index.learned;

import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.Overlaps;
import dev.stator.kv.index.PrefixMatcher;
import dev.stator.tokens.TokenBlocks;

/// Adds to what is known what was just decided, until events tell it.
///
/// Requests of a burst that share a new prefix come before the first of them has stored a block.
/// With the prediction they follow it instead of spreading over the fleet. A worker's overlap is
/// the longer one of the two. Thread-safe.
///
/// @param known what events tell
/// @param predicted forgets within seconds
public record PredictedPrefixIndex(PrefixMatcher known, ApproximatePrefixIndex predicted)
        implements PrefixMatcher {

    @Override
    public Overlaps match(TokenBlocks prompt) {
        Overlaps probable = predicted.match(prompt);
        Overlaps certain = known.match(prompt);
        return probable.workers() == 0 ? certain : certain.max(probable);
    }

    @Override
    public void routed(WorkerId worker, TokenBlocks prompt) {
        predicted.routed(worker, prompt);
        known.routed(worker, prompt);
    }

    @Override
    public void remove(WorkerId worker) {
        predicted.remove(worker);
        known.remove(worker);
    }
}
