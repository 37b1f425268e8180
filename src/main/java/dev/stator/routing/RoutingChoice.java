package dev.stator.routing;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.cost.RoutingCost;
import dev.stator.routing.load.WorkerLoad;

import java.util.List;
import java.util.stream.Collectors;

/// A selected worker and what it was compared with.
///
/// @param overlapBlocks leading blocks of the prompt that the router believes the worker has cached
/// @param promptBlocks complete blocks of the prompt
/// @param compared workers that were compared
/// @param candidates the cheapest of them, cheapest first, and always the selected one
public record RoutingChoice(
        RoutingMode mode,
        WorkerId worker,
        int overlapBlocks,
        int promptBlocks,
        int compared,
        List<Priced> candidates) {
    public RoutingChoice {
        candidates = List.copyOf(candidates);
    }

    /// A worker with its price.
    public record Priced(WorkerId worker, int overlapBlocks, WorkerLoad load, RoutingCost cost) {}

    /// In one line.
    @Override
    public String toString() {
        String costs =
                candidates.stream()
                        .map(it -> "%s %.2f".formatted(it.worker(), it.cost().total()))
                        .collect(Collectors.joining(", "));
        return "%s by %s, overlap %d/%d, cheapest of %d: [%s]"
                .formatted(worker, mode.flag(), overlapBlocks, promptBlocks, compared, costs);
    }
}
