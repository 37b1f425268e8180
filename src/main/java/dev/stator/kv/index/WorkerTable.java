package dev.stator.kv.index;

import dev.stator.kv.cache.WorkerId;

import java.util.List;

/// Numbers for workers, from 0 on. Immutable; looked up once per candidate of a request.
public final class WorkerTable {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final List<WorkerId> workers;
    private final long[] values; // open addressing, at most half full
    private final int[] ranks;
    private final int[] numbers; // + 1; 0 marks a free slot

    /// Each worker gets its position in the list as its number.
    public WorkerTable(List<WorkerId> workers) {
        this.workers = List.copyOf(workers);
        int capacity = Math.max(2, Integer.highestOneBit(Math.max(1, workers.size())) * 4);
        values = new long[capacity];
        ranks = new int[capacity];
        numbers = new int[capacity];
        for (int i = 0; i < workers.size(); i++) {
            int slot = slot(workers.get(i));
            values[slot] = workers.get(i).value();
            ranks[slot] = workers.get(i).rank();
            numbers[slot] = i + 1;
        }
    }

    public int size() {
        return workers.size();
    }

    public WorkerId worker(int number) {
        return workers.get(number);
    }

    /// The number of the worker, -1 when it has none.
    public int number(WorkerId worker) {
        return numbers[slot(worker)] - 1;
    }

    private int slot(WorkerId worker) {
        int mask = values.length - 1;
        long mixed = (worker.value() + 31L * worker.rank()) * GOLDEN_RATIO;
        int slot = (int) (mixed >>> 33) & mask;
        while (numbers[slot] != 0
                && (values[slot] != worker.value() || ranks[slot] != worker.rank())) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
