package dev.stator.tokens;

/// The hash of a block together with everything before it: equal hashes mean equal prefixes.
/// An engine that is not ours may use any scheme; then the value is opaque.
public record SequenceHash(long value) {

    @Override
    public String toString() {
        return "%016x".formatted(value);
    }
}
