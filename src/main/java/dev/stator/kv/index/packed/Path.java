package dev.stator.kv.index.packed;

import dev.stator.kv.cache.StoredBlock;
import dev.stator.tokens.BlockHasher;

import java.util.List;

/// The blocks of one event with the sequence hashes that they have here. Used again and again, not
/// thread-safe.
final class Path implements Chains.HashSource {
    private static final int BLOCKS_KEPT_MAX = 4_096;

    private long[] names = new long[64];
    private long[] blockHashes = new long[64];
    private long[] sequenceHashes = new long[64];
    private int count;
    private boolean isCanonical;

    /// Reads blocks at the root.
    void read(List<StoredBlock> blocks) {
        long first = blocks.getFirst().blockHash().value();
        read(blocks, first);
    }

    /// Reads blocks below a parent.
    void readBelow(long parentSequenceHash, List<StoredBlock> blocks) {
        long first = blocks.getFirst().blockHash().value();
        read(blocks, BlockHasher.chain(parentSequenceHash, first));
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public long sequenceHash(int index) {
        return sequenceHashes[index];
    }

    long blockHash(int index) {
        return blockHashes[index];
    }

    long name(int index) {
        return names[index];
    }

    /// Whether every block is named by its sequence hash.
    boolean isCanonical() {
        return isCanonical;
    }

    private void read(List<StoredBlock> blocks, long firstSequenceHash) {
        count = blocks.size();
        if (count > names.length || (names.length > BLOCKS_KEPT_MAX && count < 64)) {
            int capacity = Math.max(count, 64);
            names = new long[capacity];
            blockHashes = new long[capacity];
            sequenceHashes = new long[capacity];
        }
        long sequenceHash = firstSequenceHash;
        isCanonical = true;
        for (int i = 0; i < count; i++) {
            StoredBlock block = blocks.get(i);
            long blockHash = block.blockHash().value();
            sequenceHash = i == 0 ? sequenceHash : BlockHasher.chain(sequenceHash, blockHash);
            names[i] = block.sequenceHash().value();
            blockHashes[i] = blockHash;
            sequenceHashes[i] = sequenceHash;
            isCanonical &= names[i] == sequenceHash;
        }
    }
}
