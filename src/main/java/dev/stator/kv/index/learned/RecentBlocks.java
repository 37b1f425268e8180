package dev.stator.kv.index.learned;

import java.util.Arrays;

/// The blocks that were routed to one worker, least recently used first. Not thread-safe.
///
/// The blocks of one prompt are used last block first, so that the oldest block never has a child
/// here. Open addressing with shifts back on removal; entries are linked through their numbers.
final class RecentBlocks {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final int CAPACITY_MIN = 16;
    private static final int NONE = -1;

    private long[] hashes = new long[CAPACITY_MIN]; // by entry
    private long[] usedNanos = new long[CAPACITY_MIN];
    private int[] older = new int[CAPACITY_MIN];
    private int[] newer = new int[CAPACITY_MIN];
    private int[] table = new int[2 * CAPACITY_MIN]; // entry + 1; 0 marks a free slot
    private int size;
    private int oldest = NONE;
    private int newest = NONE;

    int size() {
        return size;
    }

    /// When the oldest block was used; there must be one.
    long oldestNanos() {
        return usedNanos[oldest];
    }

    /// The block is the newest from now on.
    void use(long hash, long nowNanos) {
        int slot = slot(hash);
        int entry = table[slot] - 1;
        if (entry == NONE) {
            entry = size++;
            if (entry == hashes.length) {
                resize(2 * entry);
                slot = slot(hash);
            }
            table[slot] = entry + 1;
            hashes[entry] = hash;
        } else if (entry == newest) {
            usedNanos[entry] = nowNanos;
            return;
        } else {
            unlink(entry);
        }
        usedNanos[entry] = nowNanos;
        link(entry);
    }

    /// Drops the oldest block and returns its hash.
    long removeOldest() {
        int entry = oldest;
        long hash = hashes[entry];
        unlink(entry);
        free(slot(hash));
        size--;
        move(size, entry);
        if (hashes.length > CAPACITY_MIN && size * 4 < hashes.length) {
            resize(hashes.length / 2);
        }
        return hash;
    }

    private void link(int entry) {
        older[entry] = newest;
        newer[entry] = NONE;
        if (newest == NONE) {
            oldest = entry;
        } else {
            newer[newest] = entry;
        }
        newest = entry;
    }

    private void unlink(int entry) {
        if (older[entry] == NONE) {
            oldest = newer[entry];
        } else {
            newer[older[entry]] = newer[entry];
        }
        if (newer[entry] == NONE) {
            newest = older[entry];
        } else {
            older[newer[entry]] = older[entry];
        }
    }

    /// Gives the last entry the number that became free.
    private void move(int from, int to) {
        if (from == to) {
            return;
        }
        table[slot(hashes[from])] = to + 1;
        hashes[to] = hashes[from];
        usedNanos[to] = usedNanos[from];
        older[to] = older[from];
        newer[to] = newer[from];
        if (older[to] == NONE) {
            oldest = to;
        } else {
            newer[older[to]] = to;
        }
        if (newer[to] == NONE) {
            newest = to;
        } else {
            older[newer[to]] = to;
        }
    }

    private void free(int slot) {
        int mask = table.length - 1;
        int gap = slot;
        for (int i = (slot + 1) & mask; table[i] != 0; i = (i + 1) & mask) {
            int fromHome = (i - home(hashes[table[i] - 1])) & mask;
            if (fromHome >= ((i - gap) & mask)) {
                table[gap] = table[i];
                gap = i;
            }
        }
        table[gap] = 0;
    }

    private void resize(int capacity) {
        int kept = Math.min(capacity, hashes.length);
        hashes = Arrays.copyOf(hashes, capacity);
        usedNanos = Arrays.copyOf(usedNanos, capacity);
        older = Arrays.copyOf(older, capacity);
        newer = Arrays.copyOf(newer, capacity);
        table = new int[2 * capacity];
        for (int entry = 0; entry < Math.min(size, kept); entry++) {
            table[slot(hashes[entry])] = entry + 1;
        }
    }

    /// The slot that leads to the block, or the free one where it belongs.
    private int slot(long hash) {
        int mask = table.length - 1;
        int slot = home(hash);
        while (table[slot] != 0 && hashes[table[slot] - 1] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int home(long hash) {
        return (int) ((hash * GOLDEN_RATIO) >>> 33) & (table.length - 1);
    }
}
