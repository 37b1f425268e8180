package dev.stator.routing.live;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.TokenSink;
import dev.stator.engine.TokenUsage;
import dev.stator.engine.hints.RequestHints;
import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.RoutingDecision;
import dev.stator.routing.RoutingDecision.Ineligible;
import dev.stator.routing.RoutingDecision.NoWorker;
import dev.stator.routing.RoutingDecision.Overloaded;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.admission.Applicant;
import dev.stator.routing.admission.Refusal;
import dev.stator.routing.eligibility.Placeable;
import dev.stator.routing.eligibility.Screening;
import dev.stator.routing.explain.AnswerBlocks;
import dev.stator.routing.explain.DecisionJournal;
import dev.stator.routing.explain.DecisionRecord.End;
import dev.stator.routing.explain.DecisionRecord.EndKind;
import dev.stator.routing.explain.DecisionRecord.Outcome;
import dev.stator.routing.explain.DecisionRecord.Timing;
import dev.stator.routing.hints.RoutingHints;
import dev.stator.routing.live.waiting.Guest;
import dev.stator.runtime.requests.DeferredStream;
import dev.stator.tokens.TokenBlocks;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// One request on its way through the fleet: one attempt after the other until a worker keeps it.
///
/// Attempts follow each other, so nothing here is touched by two threads at once but the handle.
final class RoutedGeneration implements Guest {

    private static final Logger LOG = LoggerFactory.getLogger(RoutedGeneration.class);

    /// Workers that are tried for one request.
    static final int ATTEMPTS_MAX = 2;

    private final RoutedEngine fleet;
    private final GenerationRequest request;
    private final TokenSink sink;
    private final Consumer<RoutedGeneration> onEnded;
    private final TokenBlocks blocks;
    private final RoutingHints hints;
    private final DeferredStream stream = new DeferredStream();
    private final Set<Long> failed = new HashSet<>(); // processes
    private final Handle handle = new Handle();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final long arrivedNanos;
    private long waitedNanos; // in the queue
    private int attempts;
    private boolean isSinkFaulty;

    RoutedGeneration(
            RoutedEngine fleet,
            GenerationRequest request,
            TokenSink sink,
            Consumer<RoutedGeneration> onEnded) {
        this.fleet = fleet;
        this.request = request;
        this.sink = sink;
        this.arrivedNanos = fleet.clocks.nanos().getAsLong();
        this.onEnded = onEnded;
        this.blocks = fleet.hasher(request.namespace()).hash(request.prompt());
        this.hints =
                fleet.hints(
                        HintTranslator.routing(request),
                        policyClass(),
                        request.prompt().size(),
                        blocks);
    }

    /// The caller's handle, whichever worker serves.
    private final class Handle implements Generation {

        @Override
        public void pause() {
            stream.pause();
        }

        @Override
        public void resume() {
            stream.resume();
        }

        @Override
        public void close() {
            stream.close();
            endIfWaiting();
        }
    }

    Generation handle() {
        return handle;
    }

    /// Goes to a worker, or waits until there is room.
    void start() {
        if (request.hints().asksForWorkerOnly() || fleet.room().enter(this)) {
            attempt(unserved());
        } else if (isClosed()) {
            endIfWaiting(); // it was closed before it began to wait
        }
    }

    @Override
    public void letIn() {
        waitedNanos = nanos() - arrivedNanos;
        try {
            attempt(unserved());
        } catch (RuntimeException e) {
            LOG.error("request {} failed after it had waited", request.id(), e);
            end(new GenerationEnd.Failed(EngineFailure.of(FailureKind.INTERNAL, "internal error")));
        }
    }

    @Override
    public void refuse(Refusal refusal) {
        waitedNanos = nanos() - arrivedNanos;
        fleet.journal.refused(query(), refusal.reason(), timing(nanos()));
        end(Refusals.end(refusal));
    }

    @Override
    public Optional<String> policyClass() {
        return request.hints().urgency().policyClass();
    }

    @Override
    public Applicant applicant(long nowNanos) {
        RequestHints said = request.hints();
        int promptTokens = request.prompt().size();
        long cached = fleet.mostCachedTokens(blocks);
        return new Applicant(
                policyClass(),
                said.tenant().orElse(request.namespace().cacheSalt()),
                said.urgency().tier(),
                said.urgency().priority(),
                promptTokens,
                Math.max(0, promptTokens - cached),
                said.timeout().isPresent()
                        ? OptionalLong.of(nowNanos + said.timeout().get().toNanos())
                        : OptionalLong.empty());
    }

    @Override
    public boolean isPinned() {
        return hints.pin().isPresent();
    }

    @Override
    public boolean mayGoTo(Placeable worker) {
        return Screening.admits(worker, hints);
    }

    boolean isClosed() {
        return stream.isClosed();
    }

    RoutedEngine fleet() {
        return fleet;
    }

    /// Whether the sink failed: then it is told of the end and nothing else any more.
    boolean isSinkFaulty() {
        return isSinkFaulty;
    }

    /// Whether a failed attempt may be followed by another one.
    boolean mayRetry(EngineFailure failure) {
        return attempts < ATTEMPTS_MAX
                && switch (failure.kind()) {
                    case UNAVAILABLE, OVERLOADED, INTERNAL -> true;
                    case INVALID_REQUEST, TIMED_OUT -> false;
                };
    }

    /// Tries another process after one failed with its rank `worker` before the first token.
    void retry(WorkerId worker, EngineFailure failure) {
        failed.add(worker.value());
        attempt(failure);
    }

    void passStart(GenerationStart start) {
        pass(() -> sink.onStart(start));
    }

    void passToken(GeneratedToken token) {
        pass(() -> sink.onToken(token));
    }

    /// Tells the caller how it ended; the last thing that happens.
    void end(GenerationEnd end) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        onEnded.accept(this);
        try {
            sink.onEnd(end);
        } catch (RuntimeException e) {
            LOG.warn("the sink of request {} failed at its end", request.id(), e);
        }
    }

    /// What the end of a cancelled request looks like.
    GenerationEnd cancelled(int cachedTokens, int outputTokens) {
        return new GenerationEnd.Finished(
                FinishReason.CANCELLED,
                new TokenUsage(request.prompt().size(), cachedTokens, outputTokens));
    }

    private void endIfWaiting() {
        if (fleet.room().leave(this)) {
            end(cancelled(0, 0));
        }
    }

    private EngineFailure unserved() {
        return EngineFailure.of(
                FailureKind.UNAVAILABLE,
                "no worker serves " + fleet.directory.served().model() + " now");
    }

    /// Calls the sink; one that fails cancels its request.
    private void pass(Runnable call) {
        if (isSinkFaulty) {
            return;
        }
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.warn("the sink of request {} failed", request.id(), e);
            isSinkFaulty = true;
            stream.close();
        }
    }

    /// @param otherwise the failure to report when no worker is left
    private void attempt(EngineFailure otherwise) {
        if (isClosed()) {
            end(cancelled(0, 0));
            return;
        }
        attempts++;
        RoutingQuery query = query();
        long begin = nanos();
        RoutingDecision decision = fleet.router.route(query);
        LOG.debug("request {}, attempt {}: {}", request.id(), attempts, decision);
        DecisionJournal.Entry entry =
                fleet.journal.decided(query, attempts, decision, timing(begin));
        switch (decision) {
            case Routed routed when request.hints().asksForWorkerOnly() -> tell(routed, entry);
            case Routed routed -> open(routed, entry);
            case Overloaded(var retryAfter) ->
                    end(
                            new GenerationEnd.Failed(
                                    new EngineFailure(
                                            FailureKind.OVERLOADED,
                                            "every worker is busy",
                                            Optional.of(retryAfter))));
            case NoWorker() -> end(new GenerationEnd.Failed(otherwise));
            case Ineligible(var obstacle) ->
                    end(
                            new GenerationEnd.Failed(
                                    attempts == 1 ? Obstacles.failure(obstacle) : otherwise));
        }
    }

    /// Says where it would go, and goes nowhere.
    private void tell(Routed routed, DecisionJournal.Entry entry) {
        WorkerId worker = routed.choice().worker();
        routed.booking().close();
        int cachedTokens =
                Math.min(
                        request.prompt().size(),
                        routed.choice().overlapBlocks() * blocks.blockSizeTokens());
        var asked = new End(EndKind.ONLY_ASKED, "");
        var outcome = new Outcome(asked, cachedTokens, 0, Optional.empty(), Duration.ZERO);
        entry.ended(outcome, answer());
        passStart(new GenerationStart(worker.toString(), cachedTokens, Optional.of(worker)));
        end(
                new GenerationEnd.Finished(
                        FinishReason.STOP,
                        new TokenUsage(request.prompt().size(), cachedTokens, 0)));
    }

    private RoutingQuery query() {
        List<Candidate> candidates = fleet.directory.candidates();
        if (!failed.isEmpty()) {
            candidates =
                    candidates.stream()
                            .filter(it -> !failed.contains(it.worker().value()))
                            .toList();
        }
        return new RoutingQuery(request.id(), request.prompt().size(), blocks, candidates, hints);
    }

    private Timing timing(long decidingSinceNanos) {
        Duration queued = Duration.ofNanos(waitedNanos);
        Duration took = Duration.ofNanos(nanos() - decidingSinceNanos);
        return new Timing(fleet.clocks.wall().instant(), queued, took);
    }

    private long nanos() {
        return fleet.clocks.nanos().getAsLong();
    }

    /// What the worker of an attempt will hold.
    private AnswerBlocks answer() {
        return new AnswerBlocks(fleet.hasher(request.namespace()), request.prompt(), blocks);
    }

    private void open(Routed routed, DecisionJournal.Entry entry) {
        var attempt = new Attempt(this, routed, entry, answer());
        Optional<LiveWorker> worker = fleet.directory.worker(routed.choice().worker());
        if (worker.isEmpty()) {
            attempt.fail("worker " + routed.choice().worker() + " has gone");
            return;
        }
        var opening = new DeferredStream(); // a failure may start the next attempt before open ends
        stream.attach(opening);
        opening.attach(
                fleet.requests.open(
                        fleet.directory.generate(),
                        worker.get().generate(),
                        worker.get().addressed(request),
                        attempt));
    }
}
