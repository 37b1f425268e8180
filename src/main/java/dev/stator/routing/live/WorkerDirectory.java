package dev.stator.routing.live;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.wire.GenerationItem;
import dev.stator.engine.wire.WorkerCard;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.WorkerId;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.routing.RoutingQuery;
import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.InstanceChange;
import dev.stator.runtime.discovery.InstanceChange.Removed;
import dev.stator.runtime.requests.Endpoint;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/// The workers of one model, as discovery shows them: one per rank of each process. Thread-safe.
///
/// A process with another model belongs to another directory; one with another block size is
/// refused, because its blocks could never match.
public final class WorkerDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerDirectory.class);
    private static final int RANK_MAX = Integer.MAX_VALUE;

    private final WorkerProtocol protocol;
    private final EngineInfo served;
    private final CacheFollowing caches;
    private final Endpoint<GenerationRequest, GenerationItem> generate;
    private final Map<WorkerId, Instance> queries = new HashMap<>(); // used by the watch alone
    private final Map<Long, String> refused = new ConcurrentSkipListMap<>(); // by process
    private final Discovery.Watch watch;
    private volatile Snapshot snapshot = Snapshot.of(Map.of()); // replaced by the watch alone

    private WorkerDirectory(
            Discovery discovery,
            WorkerProtocol protocol,
            EngineInfo served,
            CacheFollowing caches) {
        this.protocol = protocol;
        this.served = served;
        this.caches = caches;
        this.generate = protocol.generate(served.model());
        this.watch = discovery.watch(this::onChange);
    }

    /// Watches for the workers of `served.model()`.
    ///
    /// @param caches hears which caches come and go
    public static WorkerDirectory open(
            Discovery discovery,
            WorkerProtocol protocol,
            EngineInfo served,
            CacheFollowing caches) {
        return new WorkerDirectory(discovery, protocol, served, caches);
    }

    /// Where the workers take requests.
    Endpoint<GenerationRequest, GenerationItem> generate() {
        return generate;
    }

    /// Everyone that can be given requests now, by ascending id.
    public Collection<LiveWorker> workers() {
        return snapshot.workers.values();
    }

    /// What is wrong with workers that are there and not used, each as a sentence for the operator.
    public List<String> complaints() {
        return List.copyOf(refused.values());
    }

    /// The adapters that at least one worker has loaded, in the order of their names.
    public Set<String> adapters() {
        return snapshot.adapters;
    }

    /// The same as candidates for a request.
    public List<RoutingQuery.Candidate> candidates() {
        return snapshot.candidates;
    }

    public Optional<LiveWorker> worker(WorkerId id) {
        return Optional.ofNullable(snapshot.workers.get(id));
    }

    /// The model; a single worker's capacities.
    public EngineInfo served() {
        return served;
    }

    /// The model, with the capacities of all its workers added up.
    public EngineInfo fleet() {
        List<EngineInfo> engines = workers().stream().map(it -> it.card().engine()).toList();
        return new EngineInfo(
                served.model(),
                served.contextLengthTokens(),
                served.blockSizeTokens(),
                engines.stream().mapToInt(EngineInfo::totalBlocks).sum(),
                engines.stream().mapToInt(EngineInfo::maxBatchTokens).sum(),
                engines.stream().mapToInt(EngineInfo::maxSequences).sum());
    }

    @Override
    public void close() {
        watch.close();
    }

    private void onChange(InstanceChange change) {
        Instance instance = change.instance();
        long process = instance.instanceId();
        boolean isGone = change instanceof Removed;
        OptionalInt rank = protocol.kvQueryRank(instance.endpoint());
        if (instance.endpoint().equals(generate.id())) {
            refused.remove(process);
            replace(process, isGone ? List.of() : ranks(instance)).forEach(this::follow);
        } else if (rank.isPresent()) {
            var id = new WorkerId(process, rank.getAsInt());
            if (isGone) {
                queries.remove(id);
            } else {
                queries.put(id, instance);
            }
            follow(id);
        }
    }

    /// The workers that a process is, none when it does not fit.
    private List<LiveWorker> ranks(Instance process) {
        Set<String> adapters = adapters(process);
        return card(process).stream()
                .flatMap(
                        card ->
                                card.ranks().of(process.instanceId()).stream()
                                        .map(id -> new LiveWorker(id, card, process, adapters)))
                .toList();
    }

    /// What the process has loaded besides its model; a card that cannot be read counts as none.
    private static Set<String> adapters(Instance process) {
        Set<String> names = new TreeSet<>();
        for (JsonObject card : process.variants().values()) {
            try {
                names.add(WorkerCard.adapter(card));
            } catch (JsonFieldException e) {
                LOG.warn("an adapter of {} is passed over: {}", process, e.getMessage());
            }
        }
        return names;
    }

    /// Follows the cache of a worker that can be given requests and asked questions.
    private void follow(WorkerId id) {
        Instance answers = queries.get(id);
        LiveWorker worker = snapshot.workers.get(id);
        if (answers == null || worker == null) {
            caches.forget(id);
        } else {
            caches.follow(id, worker.card().incarnation(), answers);
        }
    }

    /// Returns the workers that the process was or is; one that says nothing new of its cache is
    /// none of them.
    private Set<WorkerId> replace(long process, List<LiveWorker> ranks) {
        var next = new TreeMap<>(snapshot.workers);
        Map<WorkerId, LiveWorker> own =
                next.subMap(new WorkerId(process, 0), true, new WorkerId(process, RANK_MAX), true);
        Map<WorkerId, LiveWorker> before = new HashMap<>(own);
        own.clear();
        ranks.forEach(it -> next.put(it.id(), it));
        Set<WorkerId> touched = new TreeSet<>(before.keySet());
        touched.addAll(own.keySet());
        touched.removeIf(it -> isSameCache(before.get(it), own.get(it)));
        snapshot = Snapshot.of(next);
        return touched;
    }

    private static boolean isSameCache(@Nullable LiveWorker before, @Nullable LiveWorker now) {
        return before != null && now != null && before.source().equals(now.source());
    }

    /// What the process says about itself, if that fits.
    private Optional<WorkerCard> card(Instance instance) {
        long id = instance.instanceId();
        WorkerCard card;
        try {
            card = WorkerCard.parse(instance.card().orElse(JsonObject.EMPTY));
        } catch (JsonFieldException e) {
            return refuse(id, "its card is malformed: " + e.getMessage());
        }
        if (!card.engine().model().equals(served.model())) {
            return Optional.empty();
        }
        if (card.engine().blockSizeTokens() != served.blockSizeTokens()) {
            return refuse(
                    id,
                    "its blocks have %d tokens, those of %s have %d"
                            .formatted(
                                    card.engine().blockSizeTokens(),
                                    served.model(),
                                    served.blockSizeTokens()));
        }
        return Optional.of(card);
    }

    private Optional<WorkerCard> refuse(long process, String why) {
        String complaint =
                "worker %s is ignored: %s".formatted(Long.toUnsignedString(process), why);
        LOG.warn(complaint);
        refused.put(process, complaint);
        return Optional.empty();
    }

    private record Snapshot(
            Map<WorkerId, LiveWorker> workers,
            List<RoutingQuery.Candidate> candidates,
            SortedSet<String> adapters) {

        static Snapshot of(Map<WorkerId, LiveWorker> workers) {
            var adapters = new TreeSet<String>();
            workers.values().forEach(it -> adapters.addAll(it.adapters()));
            return new Snapshot(
                    workers,
                    workers.values().stream()
                            .map(LiveWorker::candidate)
                            .collect(Collectors.toUnmodifiableList()),
                    Collections.unmodifiableSortedSet(adapters));
        }
    }
}
