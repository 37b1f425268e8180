package dev.stator.replay.offline.worker;

import dev.stator.tokens.TokenBlocks;

import java.util.Arrays;

/// The blocks that one simulated worker holds: a set of sequence hashes that evicts the least
/// recently used.
///
/// A request first matches, then touches its blocks from the last to the first, then the cache
/// evicts until it keeps its capacity. So within a request deeper blocks leave first, and with a
/// block its whole prefix is held.
public final class BlockCache {
    // An open-addressed table of slots, and the slots in a ring in the order of use. Slot 0 is the
    // ring's head: after it the most recent, before it the least recent.
    private static final int HEAD = 0;
    private static final int SLOTS_MIN = 1 << 10;
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final int capacityBlocks;
    private final Listener listener;

    private int[] table = new int[2 * SLOTS_MIN]; // slot of each key, HEAD when free
    private long[] keys = new long[SLOTS_MIN];
    private int[] newer = new int[SLOTS_MIN];
    private int[] older = new int[SLOTS_MIN];
    private int slots = 1; // ever used
    private int freeSlot = HEAD; // first of a list that is linked by `newer`
    private int size;
    private long[] evicted = new long[64];

    /// Hears of every change.
    public interface Listener {
        Listener NONE =
                new Listener() {
                    @Override
                    public void stored(TokenBlocks blocks, int from) {}

                    @Override
                    public void removed(long[] sequenceHashes, int count) {}
                };

        /// The blocks from index `from` on came; those before are held.
        void stored(TokenBlocks blocks, int from);

        /// The first `count` hashes left in this order; the array is reused.
        void removed(long[] sequenceHashes, int count);
    }

    /// @param capacityBlocks `Integer.MAX_VALUE` for no bound
    public BlockCache(int capacityBlocks, Listener listener) {
        if (capacityBlocks < 1) {
            throw new IllegalArgumentException("capacity must be positive: " + capacityBlocks);
        }
        this.capacityBlocks = capacityBlocks;
        this.listener = listener;
    }

    public int size() {
        return size;
    }

    /// Leading blocks of a prompt that are held, found by bisection.
    public int match(TokenBlocks blocks) {
        int held = 0;
        int absent = blocks.count() + 1;
        while (absent - held > 1) {
            int middle = (held + absent) >>> 1;
            if (table[place(blocks.sequenceHash(middle - 1))] != HEAD) {
                held = middle;
            } else {
                absent = middle;
            }
        }
        return held;
    }

    /// Uses a prompt's blocks and keeps them all, then evicts.
    public void touch(TokenBlocks blocks) {
        int held = match(blocks);
        for (int i = blocks.count() - 1; i >= 0; i--) {
            long key = blocks.sequenceHash(i);
            int slot = i < held ? table[place(key)] : insert(key);
            if (i < held) {
                unlink(slot);
            }
            linkFirst(slot);
        }
        if (held < blocks.count()) {
            listener.stored(blocks, held);
            evict();
        }
    }

    private void evict() {
        int count = 0;
        while (size > capacityBlocks) {
            int slot = newer[HEAD];
            if (count == evicted.length) {
                evicted = Arrays.copyOf(evicted, 2 * count);
            }
            evicted[count++] = keys[slot];
            unlink(slot);
            remove(slot);
        }
        if (count > 0) {
            listener.removed(evicted, count);
        }
    }

    private int insert(long key) {
        if (freeSlot == HEAD && slots == keys.length) {
            grow();
        }
        int slot = freeSlot;
        if (slot == HEAD) {
            slot = slots++;
        } else {
            freeSlot = newer[slot];
        }
        keys[slot] = key;
        table[place(key)] = slot;
        size++;
        return slot;
    }

    private void remove(int slot) {
        closeGap(place(keys[slot]));
        newer[slot] = freeSlot;
        freeSlot = slot;
        size--;
    }

    /// Moves later members of the run into the free place while that brings them nearer to home.
    private void closeGap(int free) {
        int mask = table.length - 1;
        int gap = free;
        for (int i = (free + 1) & mask; table[i] != HEAD; i = (i + 1) & mask) {
            int distanceFromHome = (i - home(keys[table[i]])) & mask;
            if (distanceFromHome >= ((i - gap) & mask)) {
                table[gap] = table[i];
                gap = i;
            }
        }
        table[gap] = HEAD;
    }

    private void grow() {
        int capacity = 2 * keys.length;
        keys = Arrays.copyOf(keys, capacity);
        newer = Arrays.copyOf(newer, capacity);
        older = Arrays.copyOf(older, capacity);
        table = new int[2 * capacity];
        for (int slot = 1; slot < slots; slot++) {
            table[place(keys[slot])] = slot; // none is free: it grows only when all are used
        }
    }

    /// Where the key is in the table, or the free place where it belongs.
    private int place(long key) {
        int mask = table.length - 1;
        int place = home(key);
        while (table[place] != HEAD && keys[table[place]] != key) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private int home(long key) {
        return (int) ((key * GOLDEN_RATIO) >>> 32) & (table.length - 1);
    }

    private void linkFirst(int slot) {
        int second = older[HEAD];
        older[slot] = second;
        newer[slot] = HEAD;
        newer[second] = slot;
        older[HEAD] = slot;
    }

    private void unlink(int slot) {
        older[newer[slot]] = older[slot];
        newer[older[slot]] = newer[slot];
    }
}
