package dev.stator.launch.engines;

import dev.stator.engine.kvevents.KvEventsConfig;
import dev.stator.model.ModelReference;

import java.util.Optional;

/// What a worker runs, whatever the engine.
///
/// @param servedModelName what clients call the model; its own name when empty
/// @param pageSizeTokens tokens of one KV block
/// @param share workers of this process that share the machine
/// @param kvEvents where the engine publishes what its KV cache stores and drops
public record EngineSetup(
        ModelReference model,
        Optional<String> servedModelName,
        int pageSizeTokens,
        EngineConfig engine,
        int share,
        KvEventsConfig kvEvents) {
    private static final int PAGE_SIZE_MAX = 1_024;
    private static final int SHARE_MAX = 1_024;

    public EngineSetup {
        if (share < 1 || share > SHARE_MAX) {
            throw new IllegalArgumentException("workers must be in [1, 1024]: " + share);
        }
        if (pageSizeTokens < 1 || pageSizeTokens > PAGE_SIZE_MAX) {
            throw new IllegalArgumentException("page-size must be in [1, 1024]: " + pageSizeTokens);
        }
    }
}
