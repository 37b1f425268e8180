package dev.stator.replay.load.ledger;

import dev.stator.engine.simulated.SelfVerifyingTokens;
import dev.stator.engine.simulated.TokenRange;
import dev.stator.tokens.TokenIds;

/// What is known of a simulated engine, so that its outputs can be recomputed.
///
/// @param range of the ids it produces
/// @param adapter that it is asked for; empty for the model itself
public record Simulation(TokenRange range, String adapter) {

    /// The output that follows `prompt`, at its beginning.
    ///
    /// @param seed of the sampling
    public SelfVerifyingTokens output(TokenIds prompt, long seed) {
        return new SelfVerifyingTokens(prompt, seed, adapter, range);
    }
}
