package dev.stator.routing.load;

import java.util.function.LongConsumer;

/// How many requests use each block, by sequence hash. Not thread-safe.
///
/// Open addressing with linear probing at a load of at most one half; removal shifts the run back.
/// A count of zero marks a free slot. The table grows only.
final class BlockCounts {
    private static final int CAPACITY_MIN = 4;
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private long[] keys = new long[CAPACITY_MIN];
    private int[] counts = new int[CAPACITY_MIN];
    private int size;

    /// Blocks that somebody uses.
    int size() {
        return size;
    }

    boolean contains(long block) {
        return counts[slot(block)] > 0;
    }

    /// Counts one more user of each of them.
    void add(long[] blocks) {
        reserve(size + blocks.length);
        for (long block : blocks) {
            int slot = slot(block);
            keys[slot] = block;
            if (counts[slot]++ == 0) {
                size++;
            }
        }
    }

    /// Counts one user less of each of them; those that have none do not matter.
    void remove(long[] blocks) {
        for (int i = blocks.length - 1; i >= 0; i--) {
            int slot = slot(blocks[i]);
            if (counts[slot] > 0 && --counts[slot] == 0) {
                size--;
                closeGap(slot);
            }
        }
    }

    void clear() {
        keys = new long[CAPACITY_MIN];
        counts = new int[CAPACITY_MIN];
        size = 0;
    }

    /// Calls `action` with every count.
    void forEach(LongConsumer action) {
        for (int count : counts) {
            if (count != 0) {
                action.accept(count);
            }
        }
    }

    private int slot(long block) {
        int mask = keys.length - 1;
        int slot = home(block);
        while (counts[slot] != 0 && keys[slot] != block) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int home(long block) {
        return (int) ((block * GOLDEN_RATIO) >>> 33) & (keys.length - 1);
    }

    /// Moves later members of the run into the free slot while that brings them nearer to home.
    private void closeGap(int free) {
        int mask = keys.length - 1;
        int gap = free;
        for (int i = (free + 1) & mask; counts[i] != 0; i = (i + 1) & mask) {
            int distanceFromHome = (i - home(keys[i])) & mask;
            int distanceFromGap = (i - gap) & mask;
            if (distanceFromHome >= distanceFromGap) {
                keys[gap] = keys[i];
                counts[gap] = counts[i];
                counts[i] = 0;
                gap = i;
            }
        }
    }

    private void reserve(int blocks) {
        if (blocks * 2 <= keys.length) {
            return;
        }
        long[] oldKeys = keys;
        int[] oldCounts = counts;
        int capacity = Integer.highestOneBit(blocks * 2 - 1) * 2;
        keys = new long[capacity];
        counts = new int[capacity];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldCounts[i] != 0) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                counts[slot] = oldCounts[i];
            }
        }
    }
}
