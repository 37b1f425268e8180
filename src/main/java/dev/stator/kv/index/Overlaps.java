package dev.stator.kv.index;

import dev.stator.kv.cache.WorkerId;

import java.util.HashMap;
import java.util.Map;

/// How many leading blocks of one prompt each worker holds. Immutable once it is handed out.
///
/// A small hash table of primitives: a router asks it once per candidate.
public final class Overlaps {

    /// Nobody holds anything.
    public static final Overlaps NONE = new Overlaps(0);

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final long[] workers;
    private final int[] blocks; // 0 marks a free slot
    private int count;

    Overlaps(int workersMax) {
        int capacity = Math.max(2, Integer.highestOneBit(Math.max(1, workersMax)) * 4);
        workers = new long[capacity];
        blocks = new int[capacity];
    }

    /// Each worker is added at most once, with at least one block.
    void add(WorkerId worker, int leadingBlocks) {
        int slot = slot(worker.value());
        workers[slot] = worker.value();
        blocks[slot] = leadingBlocks;
        count++;
    }

    /// Leading blocks that the worker holds, 0 when none.
    public int blocks(WorkerId worker) {
        return blocks[slot(worker.value())];
    }

    /// Workers that hold the first block.
    public int workers() {
        return count;
    }

    public Map<WorkerId, Integer> toMap() {
        var map = HashMap.<WorkerId, Integer>newHashMap(count);
        for (int i = 0; i < blocks.length; i++) {
            if (blocks[i] > 0) {
                map.put(new WorkerId(workers[i]), blocks[i]);
            }
        }
        return map;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Overlaps that && toMap().equals(that.toMap());
    }

    @Override
    public int hashCode() {
        return toMap().hashCode();
    }

    @Override
    public String toString() {
        return toMap().toString();
    }

    private int slot(long worker) {
        int mask = workers.length - 1;
        int slot = (int) ((worker * GOLDEN_RATIO) >>> 33) & mask;
        while (blocks[slot] != 0 && workers[slot] != worker) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
