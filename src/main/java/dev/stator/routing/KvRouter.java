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
import dev.stator.routing.cost.HotPrefix;
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
import dev.stator.routing.load.WorkerLoads;
import dev.stator.routing.rebalance.Rebalance;
import dev.stator.routing.rebalance.Rebalancer;
import dev.stator.tokens.TokenBlocks;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Prices the workers for a request, selects one and books it. Thread-safe.
///
/// One lock spans reading the loads, selecting and booking, so that requests that come at once see
/// each other. The prefix index is asked before; what was decided is explained afterwards.
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
    private volatile Lineup lineup = new Lineup(List.of()); // of the last request to all

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
        this.active =
                new ActiveSequences(
                        config.tracking().outputBlocks(),
                        config.tracking().sequenceStride(),
                        nanos);
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
                .orElseGet(() -> route(query, screening.admitted()));
    }

    private RoutingDecision route(RoutingQuery query, List<Candidate> admitted) {
        boolean areAll = admitted.size() == query.candidates().size();
        Lineup admittedLineup = areAll ? lineup(query.candidates()) : new Lineup(admitted);
        Optional<Selection> selection = select(query, admittedLineup, overlaps(query.blocks()));
        if (selection.isEmpty()) {
            return overloaded(query.hints());
        }
        RoutingChoice choice = choice(query, selection.get());
        index.routed(choice.worker(), query.blocks());
        query.hints().session().ifPresent(it -> bind(it, choice.worker(), query));
        return new Routed(choice, selection.get().booking);
    }

    /// What was decided under the lock.
    private record Selection(Shortlist shortlist, Compared compared, Booking booking) {}

    /// Empty when all are busy.
    private synchronized Optional<Selection> select(
            RoutingQuery query, Lineup candidates, Overlaps overlaps) {
        Demand demand = demand(query);
        Field free = field(query, demand, candidates, overlaps).without(busy);
        if (free.size() == 0) {
            return Optional.empty();
        }
        Field field = bound(query, free);
        CostFunction cost = cost(query);
        Prompt prompt = field.prompt(query, active.speeds(), hot(query, field));
        double[] prices = field.prices(prompt, cost);
        int selected =
                selector.select(
                        compared(field, prices), field.activeRequests(), temperature(query));
        Shortlist shortlist = Shortlist.of(field, cost, prompt, prices, selected);
        var compared =
                new Compared(
                        field.size(), candidates.size() - free.size(), free.size() - field.size());
        WorkerId worker = shortlist.selected().worker();
        int overlap = shortlist.selected().cache().deviceBlocks();
        return Optional.of(
                new Selection(shortlist, compared, active.book(worker, demand, overlap)));
    }

    private RoutingChoice choice(RoutingQuery query, Selection selection) {
        Shortlist shortlist = selection.shortlist;
        return new RoutingChoice(
                new Policy(config.mode(), config.costModel().flag(), temperature(query)),
                shortlist.selected().worker(),
                shortlist.selected().cache().deviceBlocks(),
                query.blocks().count(),
                selection.compared,
                shortlist.priced(),
                rebalance(query, shortlist));
    }

    private Lineup lineup(List<Candidate> candidates) {
        Lineup known = lineup;
        if (!known.isOf(candidates)) {
            known = new Lineup(candidates);
            lineup = known;
        }
        return known;
    }

    private Field field(RoutingQuery query, Demand demand, Lineup candidates, Overlaps overlaps) {
        WorkerLoads loads = active.loads(demand.blocks(), candidates.roster());
        boolean countsBooked = config.costModel() instanceof CostModel.Time;
        return Field.of(query, candidates, overlaps, loads, countsBooked);
    }

    private double temperature(RoutingQuery query) {
        return query.hints().overrides().temperature().orElse(config.temperature());
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
        var candidates = new Lineup(query.candidates());
        Field field = field(query, demand(query), candidates, overlaps(query.blocks()));
        CostFunction cost = cost(query);
        Prompt prompt = field.prompt(query, active.speeds(), hot(query, field));
        return IntStream.range(0, field.size())
                .mapToObj(i -> field.entry(i).priced(cost, prompt))
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
        return config.costModel().function(overrides, config.tracking().with(overrides));
    }

    /// What the request is charged for.
    private synchronized Demand demand(RoutingQuery query) {
        return query.demand(config.tracking().with(query.hints().overrides()), random);
    }

    /// What the mode compares workers by.
    private double[] compared(Field field, double[] prices) {
        return config.mode() == RoutingMode.DEVICE_AWARE_WEIGHTED
                ? DeviceGroups.prices(
                        field.onProcessors(),
                        field.activeRequests(),
                        config.deviceThroughputRatio())
                : prices;
    }

    /// What others have asked for too, as far as somebody holds it.
    private HotPrefix hot(RoutingQuery query, Field field) {
        int held = config.mode() == RoutingMode.KV ? field.mostOverlapBlocks() : 0;
        if (held == 0) {
            return HotPrefix.NONE;
        }
        double requests =
                rebalancer.requests(query.blocks().sequenceHash(held - 1), nanos.getAsLong());
        return HotPrefix.of(held, requests, field.holders(held));
    }

    /// Counts the prefix that is held best, and tells when it is hot and gets another holder.
    private Optional<Rebalance> rebalance(RoutingQuery query, Shortlist shortlist) {
        int held = shortlist.holder().cache().deviceBlocks();
        if (config.mode() != RoutingMode.KV || held == 0) {
            return Optional.empty();
        }
        long now = nanos.getAsLong();
        boolean isHot = rebalancer.isHot(query.blocks().sequenceHash(held - 1), now);
        boolean holdsLess = shortlist.selected().cache().deviceBlocks() < held;
        if (!isHot || !holdsLess || !shortlist.isDetour()) {
            return Optional.empty();
        }
        var rebalance =
                new Rebalance(
                        query.blocks().prefix(held),
                        shortlist.holder().worker(),
                        shortlist.selected().worker(),
                        shortlist.holder().load().pace().waitSeconds());
        return rebalancer.tell(rebalance, now);
    }
}
