package dev.stator.routing;

import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.Overlaps;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.RoutingDecision.NoWorker;
import dev.stator.routing.RoutingDecision.Overloaded;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.cost.CostFunction;
import dev.stator.routing.cost.Prompt;
import dev.stator.routing.load.ActiveSequences;
import dev.stator.routing.load.Booking;
import dev.stator.routing.load.WorkerLoad;
import dev.stator.tokens.TokenBlocks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
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

    /// @param nanos a monotonic clock
    public KvRouter(
            RouterConfig config, PrefixIndex index, RandomGenerator random, LongSupplier nanos) {
        this.config = config;
        this.index = index;
        this.cost = config.costModel().function();
        this.selector = new WorkerSelector(config.mode(), config.temperature(), random);
        this.active = new ActiveSequences(config.trackOutputBlocks(), nanos);
    }

    /// Decides about a request.
    public RoutingDecision route(RoutingQuery query) {
        if (query.candidates().isEmpty()) {
            return new NoWorker();
        }
        Overlaps overlaps = overlaps(query.blocks());
        synchronized (this) {
            Field field = field(query, overlaps).without(config.busy());
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
        Field field = field(query, overlaps(query.blocks()));
        Prompt prompt = field.prompt(query, active.speeds());
        return IntStream.range(0, field.size())
                .mapToObj(i -> field.priced(prompt, cost, i))
                .toList();
    }

    /// How many leading blocks each worker is believed to hold.
    public Overlaps overlaps(TokenBlocks blocks) {
        return index.match(blocks);
    }

    /// What the workers run on behalf of this router.
    public ActiveSequences active() {
        return active;
    }

    private Field field(RoutingQuery query, Overlaps overlaps) {
        List<WorkerId> workers = query.candidates().stream().map(Candidate::worker).toList();
        WorkerLoad[] loads = active.loads(query.blocks(), workers);
        return Field.of(query, overlaps, loads, config.costModel() instanceof CostModel.Time);
    }

    private Routed choose(RoutingQuery query, Field field) {
        Prompt prompt = field.prompt(query, active.speeds());
        double[] prices = field.prices(prompt, cost);
        int chosen = selector.select(prices, field.loads());
        var candidates = new ArrayList<Priced>();
        for (int i : explained(prices, chosen)) {
            candidates.add(field.priced(prompt, cost, i));
        }
        var choice =
                new RoutingChoice(
                        config.mode(),
                        field.candidate(chosen).worker(),
                        field.overlapBlocks(chosen),
                        query.blocks().count(),
                        prices.length,
                        candidates);
        Booking booking = active.book(choice.worker(), query.demand(), choice.overlapBlocks());
        return new Routed(choice, booking);
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
}
