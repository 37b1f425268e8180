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
    private int[] users = new int[SLOTS_MIN]; // a slot that has some is not in the ring
    private int slots = 1; // ever used
    private int freeSlot = HEAD; // first of a list that is linked by `newer`
    private int size;
    private int reserved;
    private int pinned;
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

    public int capacityBlocks() {
        return capacityBlocks;
    }

    /// Blocks that cannot be evicted now, the reserved ones included.
    public int inUse() {
        return pinned + reserved;
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

    /// Sets blocks aside for what is not computed yet; false when those in use leave no room.
    public boolean reserve(int blocks) {
        reserved += blocks;
        evict();
        if (size + reserved <= capacityBlocks) {
            return true;
        }
        reserved -= blocks;
        return false;
    }

    /// Gives up what was set aside.
    public void release(int blocks) {
        reserved -= blocks;
    }

    /// Keeps leading blocks that are held from being evicted.
    public void pin(TokenBlocks blocks, int from, int to) {
        for (int i = from; i < to; i++) {
            int slot = table[place(blocks.sequenceHash(i))];
            if (users[slot]++ == 0) {
                unlink(slot);
                pinned++;
            }
        }
    }

    /// Keeps and pins a prompt's blocks from `from` on, for which room was reserved.
    public void store(TokenBlocks blocks, int from) {
        int held = Math.max(from, match(blocks));
        pin(blocks, from, held);
        for (int i = held; i < blocks.count(); i++) {
            int slot = insert(blocks.sequenceHash(i));
            users[slot] = 1;
        }
        pinned += blocks.count() - held;
        release(blocks.count() - from);
        if (held < blocks.count()) {
            listener.stored(blocks, held);
        }
    }

    /// Lets the first `count` blocks be evicted again, as used just now.
    public void unpin(TokenBlocks blocks, int count) {
        for (int i = count - 1; i >= 0; i--) {
            int slot = table[place(blocks.sequenceHash(i))];
            if (--users[slot] == 0) {
                linkFirst(slot);
                pinned--;
            }
        }
    }

    private void evict() {
        int count = 0;
        while (size + reserved > capacityBlocks && newer[HEAD] != HEAD) {
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
        users = Arrays.copyOf(users, capacity);
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
