package dev.stator.engine.simulated;

/// The token ids `[first, first + count)` that a simulated engine produces.
public record TokenRange(int first, int count) {
    public TokenRange {
        if (first < 0 || count < 1 || first > Integer.MAX_VALUE - count) {
            throw new IllegalArgumentException(
                    "token range must hold 31-bit ids: first " + first + ", count " + count);
        }
    }
}
