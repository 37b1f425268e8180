package dev.stator.routing;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.cost.CacheView;
import dev.stator.routing.cost.RoutingCost;
import dev.stator.routing.load.WorkerLoad;
import dev.stator.routing.rebalance.Rebalance;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A selected worker and what it was compared with.
///
/// @param overlapBlocks leading blocks of the prompt that the router believes the worker has cached
/// @param promptBlocks complete blocks of the prompt
/// @param compared workers that were compared, and those that were not
/// @param candidates the cheapest of them, cheapest first, and always the selected one and the one
///     that holds most of the prompt
/// @param rebalance present when the prompt's prefix is replicated on purpose
public record RoutingChoice(
        Policy policy,
        WorkerId worker,
        int overlapBlocks,
        int promptBlocks,
        Compared compared,
        List<Priced> candidates,
        Optional<Rebalance> rebalance) {
    public RoutingChoice {
        candidates = List.copyOf(candidates);
    }

    /// One that replicates nothing.
    public RoutingChoice(
            Policy policy,
            WorkerId worker,
            int overlapBlocks,
            int promptBlocks,
            Compared compared,
            List<Priced> candidates) {
        this(policy, worker, overlapBlocks, promptBlocks, compared, candidates, Optional.empty());
    }

    /// By what it was selected.
    ///
    /// @param costModel by its flag; decides in the mode `kv` alone
    public record Policy(RoutingMode mode, String costModel, double temperature) {}

    /// How many workers were compared.
    ///
    /// @param busy those that were left out because they are busy
    /// @param unbound those that were left out because the request's session belongs elsewhere
    public record Compared(int count, int busy, int unbound) {}

    /// A worker with its price.
    ///
    /// @param estimate of the time to the first token, whatever the cost model
    public record Priced(
            WorkerId worker,
            CacheView cache,
            WorkerLoad load,
            RoutingCost cost,
            Estimate estimate) {

        /// Leading blocks of the prompt in device memory.
        public int overlapBlocks() {
            return cache.deviceBlocks();
        }
    }

    /// How long the first token would take, as learned from the workers.
    ///
    /// @param waitSeconds until the prefills booked before will be done
    /// @param prefillSeconds for what is not cached
    public record Estimate(double waitSeconds, double prefillSeconds) {

        public double seconds() {
            return waitSeconds + prefillSeconds;
        }
    }

    /// The selected one of the candidates.
    public Priced selected() {
        return candidates.stream()
                .filter(it -> it.worker().equals(worker))
                .findFirst()
                .orElseThrow();
    }

    /// In one line.
    @Override
    public String toString() {
        String costs =
                candidates.stream()
                        .map(it -> "%s %.2f".formatted(it.worker(), it.cost().total()))
                        .collect(Collectors.joining(", "));
        return "%s by %s, overlap %d/%d, cheapest of %d: [%s]%s"
                .formatted(
                        worker,
                        policy.mode().flag(),
                        overlapBlocks,
                        promptBlocks,
                        compared.count(),
                        costs,
                        rebalance.map(it -> "; " + it).orElse(""));
    }
}
