package dev.stator.launch.fleet;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.IndexSize;
import dev.stator.launch.planes.Planes;
import dev.stator.routing.KvRouter;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.eligibility.BusyFilter;
import dev.stator.routing.live.FeedStats;
import dev.stator.routing.live.IndexFeed;
import dev.stator.routing.live.LiveWorker;
import dev.stator.routing.live.ReportedLoads;
import dev.stator.routing.live.RoutedEngine;
import dev.stator.routing.live.WorkerDirectory;
import dev.stator.routing.load.WorkerLoad;
import dev.stator.routing.share.RouterShare;
import dev.stator.routing.sync.BookingSync;
import dev.stator.routing.sync.RouterSession;
import dev.stator.routing.sync.SyncStats;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// The workers of one model behind a router of their own.
public final class ModelFleet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelFleet.class);

    private final KnownCaches caches;
    private final ReportedLoads reported;
    private final WorkerDirectory directory;
    private final KvRouter router;
    private final RoutedEngine engine;
    private final Optional<BookingSync> sync;
    private final RouterShare share;
    private final Fleets.Settings settings;
    private Set<Long> warned = Set.of(); // used by the audits alone
    private Optional<String> dissent = Optional.empty(); // used by the audits alone

    /// @param protocol where the model's workers are found
    /// @param served the model and the block size; workers of others are left alone
    public ModelFleet(
            Planes planes,
            WorkerProtocol protocol,
            EngineInfo served,
            Fleets.Settings settings,
            RoutedEngine.Surroundings surroundings) {
        this.settings = settings;
        RouterConfig config = settings.router();
        CacheKnowledge knowledge =
                config.mode() == RoutingMode.KV ? settings.caches() : new CacheKnowledge.None();
        this.caches = KnownCaches.open(knowledge, planes, protocol, this::capacityBlocks);
        this.reported = ReportedLoads.open(protocol, planes.events(), System::nanoTime);
        this.directory = WorkerDirectory.open(planes.discovery(), protocol, served, caches);
        this.router =
                new KvRouter(
                        config,
                        caches.matcher(),
                        new SplittableRandom(new SecureRandom().nextLong()),
                        System::nanoTime,
                        reported);
        this.engine =
                new RoutedEngine(
                        directory, router, settings.admissionOf(served.model()), surroundings);
        this.sync =
                settings.sharesBookings() ? Optional.of(share(planes, protocol)) : Optional.empty();
        this.share =
                RouterShare.open(
                        router,
                        caches.matcher(),
                        settings.sharesBookings(),
                        new RouterShare.Surroundings(
                                planes.instanceId(),
                                protocol.generateId(),
                                planes.events(),
                                Thread::startVirtualThread,
                                InstantSource.system()));
    }

    /// All workers as one engine.
    public RoutedEngine engine() {
        return engine;
    }

    public Collection<LiveWorker> workers() {
        return directory.workers();
    }

    /// What at least one of them has loaded besides the model, in the order of the names.
    public Set<String> adapters() {
        return directory.adapters();
    }

    /// What the router has booked on each worker.
    public Map<WorkerId, WorkerLoad> loads() {
        return router.active().loads();
    }

    /// KV blocks in use by the word of those workers that report them.
    public Map<WorkerId, Long> reportedBlocks() {
        return reported.usedBlocks(directory);
    }

    /// When its workers get no further request.
    public BusyFilter busy() {
        return router.busy();
    }

    public IndexSize indexSize() {
        return caches.size();
    }

    /// What the prefix index takes.
    public long indexBytes() {
        return caches.bytes();
    }

    /// Blocks of all workers that the prefix index had to forget for lack of room.
    public long forgottenBlocks() {
        return caches.forgottenBlocks();
    }

    public FeedStats feedStats() {
        return caches.feed().map(IndexFeed::stats).orElse(FeedStats.NOTHING);
    }

    /// What is wrong with workers that are there, for the operator.
    public List<String> complaints() {
        List<String> complaints = new ArrayList<>(directory.complaints());
        unseen().forEach(it -> complaints.add(unseen(it)));
        dissent().ifPresent(complaints::add);
        return complaints;
    }

    private long capacityBlocks(WorkerId id) {
        return directory
                .worker(id)
                .map(it -> Math.max(1L, it.card().engine().totalBlocks()))
                .orElse(1L);
    }

    /// Processes whose caches the router would have to know and cannot.
    private List<Long> unseen() {
        return caches.feed().isPresent()
                ? workers().stream()
                        .filter(it -> !it.card().publishesEvents())
                        .map(it -> it.id().value())
                        .distinct()
                        .toList()
                : List.of();
    }

    private static String unseen(long process) {
        return "worker %s publishes no KV events, its cached blocks are not seen: it needs"
                        .formatted(Long.toUnsignedString(process))
                + " --kv-events-config";
    }

    /// What workers ask for in vain: another mode than the model's first worker had, or this router
    /// where that had none.
    private Optional<String> dissent() {
        String mode = settings.router().mode().flag();
        List<String> others =
                workers().stream()
                        .flatMap(it -> it.card().routerMode().stream())
                        .filter(it -> !it.equals(mode))
                        .distinct()
                        .sorted()
                        .toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "%s is routed in mode %s since its first worker; others ask for %s in vain"
                                .formatted(
                                        directory.served().model(),
                                        mode,
                                        String.join(", ", others)));
    }

    /// What was shared with other routers, if bookings are shared.
    public Optional<SyncStats> syncStats() {
        return sync.map(BookingSync::stats);
    }

    /// Asks the workers for what the index may have missed, and tells other routers what runs; to
    /// be called about once a second.
    void audit() {
        List<Long> unseen = unseen();
        unseen.stream().filter(it -> !warned.contains(it)).forEach(it -> LOG.warn(unseen(it)));
        warned = Set.copyOf(unseen);
        Optional<String> before = dissent;
        dissent = dissent();
        dissent.filter(it -> !before.equals(dissent)).ifPresent(LOG::warn);
        caches.feed().ifPresent(IndexFeed::audit);
        sync.ifPresent(BookingSync::audit);
    }

    @Override
    public void close() {
        engine.close();
        sync.ifPresent(BookingSync::close);
        share.close();
        directory.close();
        reported.close();
        caches.close();
    }

    private BookingSync share(Planes planes, WorkerProtocol protocol) {
        long session = new SecureRandom().nextLong() | 1; // any but 0
        return BookingSync.open(
                new RouterSession(planes.instanceId(), session),
                protocol.generateId(),
                router.active(),
                new BookingSync.Surroundings(
                        planes.discovery(),
                        planes.events(),
                        Thread::startVirtualThread,
                        System::nanoTime));
    }
}
