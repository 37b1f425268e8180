package dev.stator.kv.cache;

import dev.stator.tokens.SequenceHash;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/// The names of an event's blocks, eight bytes each. Immutable.
final class PackedHashes extends AbstractList<SequenceHash> implements RandomAccess {
    private final long[] hashes;

    /// Takes over `hashes`.
    PackedHashes(long[] hashes) {
        this.hashes = hashes;
    }

    static List<SequenceHash> copyOf(List<SequenceHash> hashes) {
        return hashes instanceof PackedHashes
                ? hashes
                : new PackedHashes(hashes.stream().mapToLong(SequenceHash::value).toArray());
    }

    @Override
    public SequenceHash get(int index) {
        return new SequenceHash(hashes[index]);
    }

    @Override
    public int size() {
        return hashes.length;
    }
}
