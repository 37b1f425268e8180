package dev.stator.engine.kvevents.payload;

import java.util.List;
import java.util.OptionalInt;

/// What an engine published at once.
///
/// @param timestampSeconds since 1970
/// @param rank the data-parallel rank, when the engine says it
public record EngineEventBatch(
        double timestampSeconds, List<EngineEvent> events, OptionalInt rank) {
    public EngineEventBatch {
        events = List.copyOf(events);
    }
}
