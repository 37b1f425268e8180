package dev.stator.routing.live;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineFailure;
import dev.stator.engine.EngineInfo;
import dev.stator.engine.FailureKind;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.TokenSink;
import dev.stator.kv.index.Overlaps;
import dev.stator.routing.KvRouter;
import dev.stator.routing.RoutingQuery;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.admission.ClassUsage;
import dev.stator.routing.admission.policy.BusyRule;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.eligibility.Placeable;
import dev.stator.routing.explain.DecisionJournal;
import dev.stator.routing.hints.RoutingHints;
import dev.stator.routing.live.waiting.AdmissionListener;
import dev.stator.routing.live.waiting.WaitingRoom;
import dev.stator.routing.live.waiting.Wakeups;
import dev.stator.runtime.requests.RequestPlane;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import java.time.InstantSource;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// A fleet of workers as one engine: each request goes to the worker the router selects.
///
/// A request whose worker fails before the first token is tried on another one. Closing ends the
/// running requests and the waiting ones, and leaves the workers, the directory and the request
/// plane as they are.
public final class RoutedEngine implements Engine {
    final WorkerDirectory directory;
    final KvRouter router;
    final RequestPlane requests;
    final DecisionJournal journal;
    final Clocks clocks;

    private final PolicyProfile profile;
    private final boolean isOverriding; // the profile
    private final WaitingRoom room;
    private final BlockHasher sharedHasher;
    private final Set<RoutedGeneration> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// What the time is.
    ///
    /// @param nanos monotonic
    public record Clocks(InstantSource wall, LongSupplier nanos) {}

    /// What the engine is joined to.
    ///
    /// @param journal where its decisions are written down
    /// @param wakeups lets requests in that had to wait
    /// @param admissions hears of them
    public record Surroundings(
            RequestPlane requests,
            Clocks clocks,
            DecisionJournal journal,
            Wakeups wakeups,
            AdmissionListener admissions) {

        /// For a fleet in which nobody waits.
        public Surroundings(RequestPlane requests, Clocks clocks, DecisionJournal journal) {
            this(requests, clocks, journal, Wakeups.NONE, AdmissionListener.NONE);
        }
    }

    /// @param admission when requests wait for workers, and what classes of them there are
    public RoutedEngine(
            WorkerDirectory directory,
            KvRouter router,
            AdmissionConfig admission,
            Surroundings surroundings) {
        this.directory = directory;
        this.router = router;
        this.requests = surroundings.requests();
        this.journal = surroundings.journal();
        this.clocks = surroundings.clocks();
        this.profile = admission.profile();
        this.isOverriding = profile.isOverriding();
        this.room =
                new WaitingRoom(
                        admission,
                        new FleetWorkers(),
                        clocks.nanos(),
                        surroundings.wakeups(),
                        surroundings.admissions());
        this.sharedHasher = hasher(directory, CacheNamespace.SHARED);
    }

    @Override
    public EngineInfo info() {
        return directory.fleet();
    }

    @Override
    public Generation generate(GenerationRequest request, TokenSink sink) {
        var generation = new RoutedGeneration(this, request, sink, running::remove);
        if (closed) {
            var failure = EngineFailure.of(FailureKind.UNAVAILABLE, "the engine is closed");
            generation.end(new GenerationEnd.Failed(failure));
            return generation.handle();
        }
        running.add(generation);
        generation.start();
        if (closed) {
            generation.handle().close();
        }
        return generation.handle();
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(it -> it.handle().close());
    }

    /// What was decided, and how much of the prompts was cached.
    public DecisionJournal journal() {
        return journal;
    }

    /// Requests that wait for workers.
    public int waitingRequests() {
        return room.waiting();
    }

    /// Prompt tokens of the requests that wait for workers.
    public long waitingTokens() {
        return room.waitingTokens();
    }

    /// What waits of each class of requests, by its name.
    public SequencedMap<String, ClassUsage> waitingByClass() {
        return room.usage();
    }

    WaitingRoom room() {
        return room;
    }

    /// What a request says, and what its class does where it says nothing.
    RoutingHints hints(
            RoutingHints said, Optional<String> asked, int promptTokens, TokenBlocks blocks) {
        if (!isOverriding) {
            return said;
        }
        int policyClass =
                profile.direct(asked)
                        .orElseGet(
                                () ->
                                        profile.classOf(
                                                asked, promptTokens - mostCachedTokens(blocks)));
        return said.with(said.overrides().or(profile.classes().get(policyClass).overrides()));
    }

    /// Prompt tokens in the leading blocks that some worker holds, of whoever holds most.
    long mostCachedTokens(TokenBlocks blocks) {
        Overlaps overlaps = router.overlaps(blocks);
        int most = 0;
        for (Candidate candidate : directory.candidates()) {
            most = Math.max(most, overlaps.blocks(candidate.worker()));
        }
        return (long) most * blocks.blockSizeTokens();
    }

    /// The prompt as a question to the router, with everyone who serves the model.
    ///
    /// @param model its name or that of an adapter; empty for the model
    RoutingQuery query(String requestId, TokenIds prompt, String model) {
        String served = directory.served().model();
        String adapter = model.equals(served) ? "" : model;
        return new RoutingQuery(
                requestId,
                prompt.size(),
                hasher(new CacheNamespace(adapter, "")).hash(prompt),
                directory.candidates(),
                RoutingHints.NONE.forAdapter(adapter));
    }

    /// The same question with those who serve the model by now.
    RoutingQuery refreshed(RoutingQuery query, RoutingHints hints) {
        return new RoutingQuery(
                query.requestId(),
                query.promptTokens(),
                query.blocks(),
                directory.candidates(),
                hints);
    }

    BlockHasher hasher(CacheNamespace namespace) {
        return namespace.equals(CacheNamespace.SHARED)
                ? sharedHasher
                : hasher(directory, namespace);
    }

    private final class FleetWorkers implements WaitingRoom.Workers {

        @Override
        public int count() {
            return directory.workers().size();
        }

        @Override
        public boolean areBusy(BusyRule rule, Predicate<Placeable> which) {
            int all = 0;
            int busy = 0;
            for (Candidate worker : directory.candidates()) {
                if (which.test(worker)) {
                    all++;
                    long booked = router.active().prefillTokens(worker.worker());
                    busy += rule.isBusy(booked, worker.capacity().maxBatchTokens()) ? 1 : 0;
                }
            }
            return rule.isMet(busy, all);
        }
    }

    private static BlockHasher hasher(WorkerDirectory directory, CacheNamespace namespace) {
        return new BlockHasher(directory.served().blockSizeTokens(), namespace);
    }
}
