package dev.stator.launch.engines;

import dev.stator.engine.kvevents.KvEventsConfig;
import dev.stator.model.ModelReference;

import java.util.Optional;
import java.util.Set;

/// What a worker runs, whatever the engine.
///
/// @param servedModelName what clients call the model; its own name when empty
/// @param pageSizeTokens tokens of one KV block
/// @param workers of this process
/// @param ranks of each worker's engine
/// @param kvEvents where the engine publishes what its KV cache stores and drops
/// @param adapters what is loaded besides the model
public record EngineSetup(
        ModelReference model,
        Optional<String> servedModelName,
        int pageSizeTokens,
        EngineConfig engine,
        int workers,
        int ranks,
        KvEventsConfig kvEvents,
        Set<String> adapters) {
    private static final int PAGE_SIZE_MAX = 1_024;
    private static final int SHARE_MAX = 1_024;

    /// Without adapters.
    public EngineSetup(
            ModelReference model,
            Optional<String> servedModelName,
            int pageSizeTokens,
            EngineConfig engine,
            int workers,
            int ranks,
            KvEventsConfig kvEvents) {
        this(model, servedModelName, pageSizeTokens, engine, workers, ranks, kvEvents, Set.of());
    }

    public EngineSetup {
        adapters = Set.copyOf(adapters);
        if (!adapters.isEmpty() && engine instanceof EngineConfig.Cpu) {
            throw new IllegalArgumentException(
                    "lora-modules needs an engine that can adapt its model: simulated or remote");
        }
        if (workers < 1 || workers > SHARE_MAX) {
            throw new IllegalArgumentException("workers must be in [1, 1024]: " + workers);
        }
        if (ranks < 1 || ranks > SHARE_MAX / workers) {
            throw new IllegalArgumentException(
                    "data-parallel-size must be in [1, %d]: %d"
                            .formatted(SHARE_MAX / workers, ranks));
        }
        if (pageSizeTokens < 1 || pageSizeTokens > PAGE_SIZE_MAX) {
            throw new IllegalArgumentException("page-size must be in [1, 1024]: " + pageSizeTokens);
        }
    }

    /// Engines of this process that share the machine.
    int share() {
        return workers * ranks;
    }
}
