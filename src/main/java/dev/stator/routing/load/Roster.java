package dev.stator.routing.load;

import dev.stator.kv.cache.WorkerId;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Workers whose loads are asked for again and again: each is looked up only once, and written down
/// again only when it has changed. Guarded by the `ActiveSequences` that is asked, always the same.
public final class Roster {
    final List<WorkerId> workers;
    final @Nullable WorkerActivity[] found; // null for one that has run nothing
    final int[] numbers; // of these workers
    final WorkerLoads loads = new WorkerLoads();
    long comings = -1; // of workers, when they were looked up
    long readAt = -1; // by the count of changes

    public Roster(List<WorkerId> workers) {
        this.workers = List.copyOf(workers);
        this.found = new WorkerActivity[workers.size()];
        this.numbers = new int[workers.size()];
    }
}
