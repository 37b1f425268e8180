package dev.stator.engine.batching;

import dev.stator.engine.GeneratedToken;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// The tokens one step sampled.
public final class StepOutput {
    private final @Nullable GeneratedToken[] tokens;
    private int used; // no slice from here on has a token

    StepOutput(int maxSequences) {
        this.tokens = new @Nullable GeneratedToken[maxSequences];
    }

    /// The token of slice `index` of the plan. Every slice that samples needs exactly one.
    public void put(int index, GeneratedToken token) {
        tokens[index] = token;
        used = Math.max(used, index + 1);
    }

    GeneratedToken token(int index) {
        GeneratedToken token = tokens[index];
        if (token == null) {
            throw new IllegalStateException("the executor sampled no token for slice " + index);
        }
        return token;
    }

    void clear() {
        Arrays.fill(tokens, 0, used, null);
        used = 0;
    }

    /// Throws `IllegalStateException` when a slice that samples has no token.
    void checkComplete(StepPlan plan) {
        for (int i = 0; i < plan.size(); i++) {
            if (plan.sequence(i).samples()) {
                token(i);
            }
        }
    }
}
