package dev.stator.kv.pool;

import java.util.Arrays;

/// Finds the cached block of a sequence hash. Every operation is O(1) on average.
///
/// Open addressing with linear probing in a table at most half full; deletion shifts back, so that
/// no tombstones pile up under churn.
final class BlockIndex {
    private static final int EMPTY = 0;

    private final long[] sequenceHashes; // by block
    private final int[] table; // block + 1, or EMPTY
    private final int mask;
    private int size;

    BlockIndex(int blocks) {
        int capacity = Math.max(4, Integer.highestOneBit(blocks) << 2);
        this.sequenceHashes = new long[blocks];
        this.table = new int[capacity];
        this.mask = capacity - 1;
    }

    int size() {
        return size;
    }

    /// The hash under which `block` was last put.
    long sequenceHash(int block) {
        return sequenceHashes[block];
    }

    /// The block of this hash, or `BlockPool.NONE`.
    int find(long sequenceHash) {
        int at = home(sequenceHash);
        while (table[at] != EMPTY) {
            int block = table[at] - 1;
            if (sequenceHashes[block] == sequenceHash) {
                return block;
            }
            at = (at + 1) & mask;
        }
        return BlockPool.NONE;
    }

    /// Adds a block whose hash is not in the index.
    void put(long sequenceHash, int block) {
        int at = home(sequenceHash);
        while (table[at] != EMPTY) {
            at = (at + 1) & mask;
        }
        table[at] = block + 1;
        sequenceHashes[block] = sequenceHash;
        size++;
    }

    /// Removes a block that is in the index.
    void remove(int block) {
        int hole = home(sequenceHashes[block]);
        while (table[hole] != block + 1) {
            hole = (hole + 1) & mask;
        }
        for (int at = (hole + 1) & mask; table[at] != EMPTY; at = (at + 1) & mask) {
            int home = home(sequenceHashes[table[at] - 1]);
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                table[hole] = table[at];
                hole = at;
            }
        }
        table[hole] = EMPTY;
        size--;
    }

    void clear() {
        Arrays.fill(table, EMPTY);
        size = 0;
    }

    private int home(long sequenceHash) {
        return (int) (sequenceHash ^ (sequenceHash >>> 32)) & mask;
    }
}
