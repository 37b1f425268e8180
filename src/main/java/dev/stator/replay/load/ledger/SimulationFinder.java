package dev.stator.replay.load.ledger;

import dev.stator.engine.simulated.SelfVerifyingTokens;
import dev.stator.engine.simulated.TokenRange;
import dev.stator.tokens.TokenIds;

import java.util.Optional;

/// Finds out from one answer whether an engine is a simulated one, and which ids it produces.
///
/// The state behind every token is known from the tokens before it, so each token leaves but a few
/// ranges possible. Some dozens of tokens leave one, or none when the engine is not a simulation.
public final class SimulationFinder {
    /// Larger than any vocabulary.
    private static final int COUNT_MAX = 1 << 19;

    private SimulationFinder() {}

    /// The only range that explains `output`; empty when there is none or more than one.
    ///
    /// @param adapter that was asked for; empty for the model itself
    /// @param seed that the answer was asked for with
    public static Optional<Simulation> find(
            String adapter, TokenIds prompt, long seed, TokenIds output) {
        if (output.isEmpty()) {
            return Optional.empty();
        }
        int smallest = Integer.MAX_VALUE;
        int largest = 0;
        for (int i = 0; i < output.size(); i++) {
            smallest = Math.min(smallest, output.get(i));
            largest = Math.max(largest, output.get(i));
        }
        int[] fractions =
                SelfVerifyingTokens.fractions(prompt.concat(output), prompt.size(), seed, adapter);
        Optional<TokenRange> found = Optional.empty();
        for (int count = largest - smallest + 1; count <= COUNT_MAX; count++) {
            int first = output.get(0) - scaled(fractions[0], count);
            if (first >= 0 && explains(new TokenRange(first, count), fractions, output)) {
                if (found.isPresent()) {
                    return Optional.empty();
                }
                found = Optional.of(new TokenRange(first, count));
            }
        }
        return found.map(it -> new Simulation(it, adapter));
    }

    private static boolean explains(TokenRange range, int[] fractions, TokenIds output) {
        for (int i = 0; i < fractions.length; i++) {
            if (range.first() + scaled(fractions[i], range.count()) != output.get(i)) {
                return false;
            }
        }
        return true;
    }

    private static int scaled(int fraction, int count) {
        return (int) ((Integer.toUnsignedLong(fraction) * count) >>> 32);
    }
}
