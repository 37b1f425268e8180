package dev.stator.launch.fleet;

import dev.stator.kv.index.packed.PackedPrefixIndex;

import java.time.Duration;
import java.util.Optional;

/// By what the routers of a process know which blocks workers hold.
public sealed interface CacheKnowledge {

    /// What a prefix index may take unless configured: a quarter of the heap.
    long INDEX_BYTES_MAX =
            Math.max(PackedPrefixIndex.BYTES_MAX_LEAST, Runtime.getRuntime().maxMemory() / 4);

    /// By what every router is set up with unless configured.
    CacheKnowledge DEFAULT = new ByEvents(Optional.empty(), INDEX_BYTES_MAX);

    /// By the workers' KV events.
    ///
    /// @param predictionTtl how long a router's own decision counts besides them; absent for not at
    ///     all
    /// @param indexBytesMax what the index of one model may take, at least a mebibyte
    record ByEvents(Optional<Duration> predictionTtl, long indexBytesMax)
            implements CacheKnowledge {
        public ByEvents {
            predictionTtl.ifPresent(it -> requirePositive(it, "router-predicted-ttl-secs"));
        }
    }

    /// By the router's own decisions, for workers that tell nothing.
    ///
    /// @param ttl how long a decision counts; absent for until the worker's cache is full
    /// @param indexBytesMax what the index of one model may take, at least a mebibyte
    record ByDecisions(Optional<Duration> ttl, long indexBytesMax) implements CacheKnowledge {
        public ByDecisions {
            ttl.ifPresent(it -> requirePositive(it, "router-ttl-secs"));
        }
    }

    /// Not at all.
    record None() implements CacheKnowledge {}

    private static void requirePositive(Duration ttl, String key) {
        if (!ttl.isPositive()) {
            throw new IllegalArgumentException(
                    key + " must be positive: " + ttl.toMillis() / 1000.0);
        }
    }
}
