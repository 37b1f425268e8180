package dev.stator.routing;

import dev.stator.kv.index.Overlaps;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.RoutingDecision.NoWorker;
import dev.stator.routing.RoutingDecision.Overloaded;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.tokens.TokenBlocks;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Prices the workers for a request, selects one and books it. Thread-safe.
///
/// One lock spans reading the loads, selecting and booking, so that requests that come at once see
/// each other. The prefix index is asked before.
public final class KvRouter {

    /// Candidates that a decision keeps for its explanation.
    public static final int EXPLAINED_CANDIDATES_MAX = 16;

    private final RouterConfig config;
    private final PrefixIndex index;
    private final CostFunction cost;
    private final WorkerSelector selector; // guarded by this
    private final ActiveSequences active;

    public KvRouter(RouterConfig config, PrefixIndex index, RandomGenerator random) {
        this.config = config;
        this.index = index;
        this.cost = new OverlapCost(config);
        this.selector = new WorkerSelector(config.mode(), config.temperature(), random);
        this.active = new ActiveSequences(config.trackOutputBlocks());
    }

    /// Decides about a request.
    public RoutingDecision route(RoutingQuery query) {
        if (query.candidates().isEmpty()) {
            return new NoWorker();
        }
        Overlaps overlaps = overlaps(query.blocks());
        synchronized (this) {
            Field field = Field.of(query, overlaps, active.loads(query)).without(config.busy());
            return field.size() == 0
                    ? new Overloaded(config.busy().retryAfter())
                    : choose(query, field);
        }
    }

    /// What every candidate would cost, the same as `route` would see; books nothing.
    public List<Priced> price(RoutingQuery query) {
        if (query.candidates().isEmpty()) {
            return List.of();
        }
        Overlaps overlaps = overlaps(query.blocks());
        Field field = Field.of(query, overlaps, active.loads(query));
        CostFunction.Prompt prompt = prompt(query, field);
        return IntStream.range(0, field.size()).mapToObj(i -> priced(prompt, field, i)).toList();
    }

    /// How many leading blocks each worker is believed to hold.
    public Overlaps overlaps(TokenBlocks blocks) {
        return index.match(blocks);
    }

    /// What the workers run on behalf of this router.
    public ActiveSequences active() {
        return active;
    }

    private Routed choose(RoutingQuery query, Field field) {
        CostFunction.Prompt prompt = prompt(query, field);
        var costs = new double[field.size()];
        for (int i = 0; i < costs.length; i++) {
            costs[i] = price(prompt, field, i).total();
        }
        int chosen = selector.select(costs, field.loads);
        var candidates = new ArrayList<Priced>();
        for (int i : explained(costs, chosen)) {
            candidates.add(priced(prompt, field, i));
        }
        var choice =
                new RoutingChoice(
                        config.mode(),
                        field.candidates.get(chosen).worker(),
                        field.overlaps[chosen],
                        query.blocks().count(),
                        costs.length,
                        candidates);
        return new Routed(choice, active.book(choice.worker(), query, choice.overlapBlocks()));
    }

    private static CostFunction.Prompt prompt(RoutingQuery query, Field field) {
        return new CostFunction.Prompt(
                query.promptTokens(), query.blocks().blockSizeTokens(), field.leastPrefillTokens());
    }

    private Priced priced(CostFunction.Prompt prompt, Field field, int i) {
        return new Priced(
                field.candidates.get(i).worker(),
                field.overlaps[i],
                field.loads[i],
                price(prompt, field, i));
    }

    private RoutingCost price(CostFunction.Prompt prompt, Field field, int i) {
        return cost.price(prompt, field.overlaps[i], field.loads[i]);
    }

    /// The cheapest candidates, cheapest first; the chosen one takes the last place if it is none
    /// of them.
    private static int[] explained(double[] costs, int chosen) {
        var cheapest = new int[Math.min(costs.length, EXPLAINED_CANDIDATES_MAX)];
        int count = 0;
        boolean hasChosen = false;
        for (int i = 0; i < costs.length; i++) {
            if (count == cheapest.length && costs[i] >= costs[cheapest[count - 1]]) {
                continue;
            }
            int at = count < cheapest.length ? count++ : count - 1;
            while (at > 0 && costs[cheapest[at - 1]] > costs[i]) {
                cheapest[at] = cheapest[at - 1];
                at--;
            }
            cheapest[at] = i;
        }
        for (int i : cheapest) {
            hasChosen |= i == chosen;
        }
        if (!hasChosen) {
            cheapest[count - 1] = chosen;
        }
        return cheapest;
    }

    /// The workers that are compared, their overlaps and loads in parallel.
    private static final class Field {
        private final List<RoutingQuery.Candidate> candidates;
        private final int[] overlaps;
        private final WorkerLoad[] loads;

        Field(List<RoutingQuery.Candidate> candidates, int[] overlaps, WorkerLoad[] loads) {
            this.candidates = candidates;
            this.overlaps = overlaps;
            this.loads = loads;
        }

        static Field of(RoutingQuery query, Overlaps overlaps, WorkerLoad[] loads) {
            List<RoutingQuery.Candidate> candidates = query.candidates();
            var blocks = new int[candidates.size()];
            for (int i = 0; i < blocks.length; i++) {
                blocks[i] = overlaps.blocks(candidates.get(i).worker());
            }
            return new Field(candidates, blocks, loads);
        }

        int size() {
            return candidates.size();
        }

        long leastPrefillTokens() {
            long least = Long.MAX_VALUE;
            for (WorkerLoad load : loads) {
                least = Math.min(least, load.prefillTokens());
            }
            return least;
        }

        /// Those that are not busy.
        Field without(RouterConfig.BusyThresholds busy) {
            var free = new ArrayList<Integer>(size());
            for (int i = 0; i < size(); i++) {
                if (!busy.isBusy(loads[i], candidates.get(i))) {
                    free.add(i);
                }
            }
            if (free.size() == size()) {
                return this;
            }
            return new Field(
                    free.stream().map(candidates::get).toList(),
                    free.stream().mapToInt(i -> overlaps[i]).toArray(),
                    free.stream().map(i -> loads[i]).toArray(WorkerLoad[]::new));
        }
    }
}
