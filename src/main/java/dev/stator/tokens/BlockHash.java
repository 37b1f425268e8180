package dev.stator.tokens;

/// The hash of one block's own tokens, without history: XXH3-64 of the ids as little-endian 32-bit
/// numbers. Dynamo's `LocalBlockHash`, on the wire `tokens_hash`.
public record BlockHash(long value) {

    @Override
    public String toString() {
        return "%016x".formatted(value);
    }
}
