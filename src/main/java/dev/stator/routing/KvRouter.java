package dev.stator.routing;

import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.Overlaps;
import dev.stator.kv.index.PrefixMatcher;
import dev.stator.routing.RoutingChoice.Compared;
import dev.stator.routing.RoutingChoice.Policy;
import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.RoutingDecision.Ineligible;
import dev.stator.routing.RoutingDecision.NoWorker;
import dev.stator.routing.RoutingDecision.Overloaded;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.affinity.AffinityConfig.Mode;
import dev.stator.routing.affinity.Bond;
import dev.stator.routing.affinity.SessionTable;
import dev.stator.routing.cost.CostFunction;
import dev.stator.routing.cost.Prompt;
import dev.stator.routing.eligibility.BusyFilter;
import dev.stator.routing.eligibility.BusyThresholds;
import dev.stator.routing.eligibility.Obstacle;
import dev.stator.routing.eligibility.ReportedUse;
import dev.stator.routing.eligibility.Screening;
import dev.stator.routing.hints.ConfigOverrides;
import dev.stator.routing.hints.RoutingHints;
import dev.stator.routing.load.ActiveSequences;
import dev.stator.routing.load.Booking;
import dev.stator.routing.load.Demand;
import dev.stator.routing.load.WorkerLoad;
import dev.stator.routing.rebalance.Rebalance;
import dev.stator.routing.rebalance.Rebalancer;
import dev.stator.tokens.TokenBlocks;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Prices the workers for a request, selects one and books it. Thread-safe.
///
/// One lock spans reading the loads, selecting and booking, so that requests that come at once see
/// each other. The prefix index is asked before.
public final class KvRouter {

    private final RouterConfig config;
    private final PrefixMatcher index;
    private final RandomGenerator random; // guarded by this
    private final WorkerSelector selector; // guarded by this
    private final ActiveSequences active;
    private final LongSupplier nanos;
    private final BusyFilter busy;
    private final Rebalancer rebalancer = new Rebalancer();
    private final Optional<SessionTable> sessions; // where affinity is wanted

    /// A router of workers that do not say what they carry.
    public KvRouter(
            RouterConfig config, PrefixMatcher index, RandomGenerator random, LongSupplier nanos) {
        this(config, index, random, nanos, ReportedUse.NONE);
    }

    /// @param nanos a monotonic clock
    /// @param reported what workers carry by their own word
    public KvRouter(
            RouterConfig config,
            PrefixMatcher index,
            RandomGenerator random,
            LongSupplier nanos,
            ReportedUse reported) {
        this.config = config;
        this.index = index;
        this.random = random;
        this.nanos = nanos;
        this.busy = new BusyFilter(config.busy(), reported);
        this.selector = new WorkerSelector(config.mode(), random);
        this.active = new ActiveSequences(config.tracking().outputBlocks(), nanos);
        this.sessions =
                config.affinity()
                        .map(it -> new SessionTable(it.ttl(), SessionTable.SESSIONS_MAX, nanos));
    }

    /// Decides about a request.
    public RoutingDecision route(RoutingQuery query) {
        if (query.candidates().isEmpty()) {
            return new NoWorker();
        }
        Screening<Candidate> screening =
                Screening.of(
                        query.candidates(), query.hints(), config.mode() == RoutingMode.DIRECT);
        return screening
                .obstacle()
                .<RoutingDecision>map(Ineligible::new)
                .orElseGet(() -> select(query.with(screening.admitted())));
    }

    private RoutingDecision select(RoutingQuery query) {
        RoutingDecision decision = select(query, overlaps(query.blocks()));
        if (decision instanceof Routed(var choice, _)) {
            index.routed(choice.worker(), query.blocks());
            query.hints().session().ifPresent(it -> bind(it, choice.worker(), query));
        }
        return decision;
    }

    private synchronized RoutingDecision select(RoutingQuery query, Overlaps overlaps) {
        Demand demand = demand(query);
        Field field = field(query, demand, overlaps).without(busy);
        return field.size() == 0 ? overloaded(query.hints()) : choose(query, demand, field);
    }

    /// What the session of the request leaves of the field.
    private Field bound(RoutingQuery query, Field field) {
        Optional<Bond> bond =
                query.hints().pin().isPresent()
                        ? Optional.empty()
                        : sessions.flatMap(it -> query.hints().session().flatMap(it::find));
        boolean isFirm =
                config.mode() != RoutingMode.KV
                        || config.affinity().map(it -> it.mode() == Mode.HARD).orElse(false);
        return bond.map(
                        it ->
                                isFirm
                                        ? field.only(it.worker())
                                        : field.believing(it, query.blocks().count()))
                .orElse(field);
    }

    private void bind(String session, WorkerId worker, RoutingQuery query) {
        sessions.ifPresent(it -> it.bind(session, new Bond(worker, query.promptTokens())));
    }

    private RoutingDecision overloaded(RoutingHints hints) {
        Duration retryAfter = BusyThresholds.RETRY_AFTER;
        return hints.pin()
                .<RoutingDecision>map(pin -> new Ineligible(new Obstacle.PinBusy(pin, retryAfter)))
                .orElseGet(() -> new Overloaded(retryAfter));
    }

    /// What every candidate would cost, the same as `route` would see; books nothing.
    public List<Priced> price(RoutingQuery query) {
        if (query.candidates().isEmpty()) {
            return List.of();
        }
        Field field = field(query, demand(query), overlaps(query.blocks()));
        CostFunction cost = cost(query);
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

    /// Where sessions belong, if they belong anywhere.
    public Optional<SessionTable> sessions() {
        return sessions;
    }

    /// When workers get no further request.
    public BusyFilter busy() {
        return busy;
    }

    /// Tells of prefixes that are replicated on purpose.
    public Rebalancer rebalancer() {
        return rebalancer;
    }

    private CostFunction cost(RoutingQuery query) {
        ConfigOverrides overrides = query.hints().overrides();
        boolean countsPrefill = config.tracking().with(overrides).prefillTokens();
        return config.costModel().function(overrides, countsPrefill);
    }

    /// What the request is charged for.
    private synchronized Demand demand(RoutingQuery query) {
        return query.demand(config.tracking().with(query.hints().overrides()), random);
    }

    private Field field(RoutingQuery query, Demand demand, Overlaps overlaps) {
        List<WorkerId> workers = query.candidates().stream().map(Candidate::worker).toList();
        WorkerLoad[] loads = active.loads(demand.blocks(), workers);
        return Field.of(query, overlaps, loads, config.costModel() instanceof CostModel.Time);
    }

    private Routed choose(RoutingQuery query, Demand demand, Field free) {
        Field field = bound(query, free);
        CostFunction cost = cost(query);
        Prompt prompt = field.prompt(query, active.speeds());
        double[] prices = field.prices(prompt, cost);
        double temperature = query.hints().overrides().temperature().orElse(config.temperature());
        int chosen = selector.select(compared(field, prices), field.loads(), temperature);
        int holder = field.bestHolder(prices);
        int[] kept = Shortlist.of(prices, chosen, holder);
        boolean isDetour =
                prices[chosen] < prices[holder] && field.isOverloaded(prompt, cost, holder, chosen);
        List<Priced> candidates =
                Arrays.stream(kept).mapToObj(i -> field.priced(prompt, cost, i)).toList();
        var choice =
                new RoutingChoice(
                        new Policy(config.mode(), config.costModel().flag(), temperature),
                        field.candidate(chosen).worker(),
                        field.overlapBlocks(chosen),
                        query.blocks().count(),
                        new Compared(
                                field.size(),
                                query.candidates().size() - free.size(),
                                free.size() - field.size()),
                        candidates,
                        rebalance(query, field, holder, isDetour ? chosen : holder));
        Booking booking = active.book(choice.worker(), demand, choice.overlapBlocks());
        return new Routed(choice, booking);
    }

    /// What the mode compares workers by.
    private double[] compared(Field field, double[] prices) {
        return config.mode() == RoutingMode.DEVICE_AWARE_WEIGHTED
                ? DeviceGroups.prices(
                        field.onProcessors(), field.loads(), config.deviceThroughputRatio())
                : prices;
    }

    /// Counts the prefix that is held best, and tells when it is hot and gets another holder.
    private Optional<Rebalance> rebalance(RoutingQuery query, Field field, int holder, int chosen) {
        int held = field.overlapBlocks(holder);
        if (config.mode() != RoutingMode.KV || held == 0) {
            return Optional.empty();
        }
        long now = nanos.getAsLong();
        boolean isHot = rebalancer.isHot(query.blocks().sequenceHash(held - 1), now);
        if (!isHot || field.overlapBlocks(chosen) >= held) {
            return Optional.empty();
        }
        var rebalance =
                new Rebalance(
                        query.blocks().prefix(held),
                        field.candidate(holder).worker(),
                        field.candidate(chosen).worker(),
                        field.loads()[holder].pace().waitSeconds());
        return rebalancer.tell(rebalance, now);
    }
}
