package dev.stator.kv.index.learned;

import dev.stator.kv.cache.WorkerId;

import java.time.Duration;
import java.util.function.ToLongFunction;

/// How long a learned block is believed to be held.
public sealed interface Retention {

    /// Blocks that one worker is believed to hold at most, however long they are kept.
    long BLOCKS_PER_WORKER_MAX = 1 << 20;

    /// For some time after a prompt with the block was last routed to the worker.
    record TimeToLive(Duration ttl) implements Retention {
        public TimeToLive {
            if (!ttl.isPositive()) {
                throw new IllegalArgumentException("ttl must be positive: " + ttl);
            }
        }
    }

    /// Until the worker's cache is full of what was routed to it later.
    ///
    /// @param capacityBlocks of a worker; a positive number
    record Capacity(ToLongFunction<WorkerId> capacityBlocks) implements Retention {}
}
