package dev.stator.frontend.explain;

import dev.stator.routing.explain.DecisionLog;
import dev.stator.routing.explain.HitLadder;

import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/// What is remembered of routing behind a frontend.
///
/// @param log of the decisions about all models
/// @param ladders by model, at this moment
public record DecisionSource(DecisionLog log, Supplier<Map<String, HitLadder>> ladders) {

    /// For a frontend that routes nothing.
    public static DecisionSource none() {
        var log = new DecisionLog(DecisionLog.Limits.DEFAULT, InstantSource.system());
        return new DecisionSource(log, Map::of);
    }
}
