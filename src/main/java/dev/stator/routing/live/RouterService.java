package dev.stator.routing.live;

import dev.stator.engine.hints.RequestHints;
import dev.stator.engine.hints.RequestMetadata;
import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.RoutingDecision;
import dev.stator.routing.RoutingDecision.Ineligible;
import dev.stator.routing.RoutingDecision.NoWorker;
import dev.stator.routing.RoutingDecision.Overloaded;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery;
import dev.stator.routing.admission.Applicant;
import dev.stator.routing.admission.Refusal;
import dev.stator.routing.eligibility.Placeable;
import dev.stator.routing.eligibility.Screening;
import dev.stator.routing.hints.RoutingHints;
import dev.stator.routing.live.waiting.Guest;
import dev.stator.routing.load.Booking;
import dev.stator.routing.wire.RouterAnswer;
import dev.stator.routing.wire.RouterAnswer.FreeMarked;
import dev.stator.routing.wire.RouterAnswer.Loads;
import dev.stator.routing.wire.RouterAnswer.PotentialLoad;
import dev.stator.routing.wire.RouterAnswer.PrefillMarked;
import dev.stator.routing.wire.RouterAnswer.Refused;
import dev.stator.routing.wire.RouterAnswer.Scores;
import dev.stator.routing.wire.RouterAnswer.Selected;
import dev.stator.routing.wire.RouterQuestion;
import dev.stator.routing.wire.RouterQuestion.MarkFree;
import dev.stator.routing.wire.RouterQuestion.MarkPrefill;
import dev.stator.routing.wire.RouterQuestion.New;
import dev.stator.routing.wire.RouterQuestion.OverlapScores;
import dev.stator.routing.wire.RouterQuestion.PotentialLoads;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.RequestHandler;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamReceiver;
import dev.stator.tokens.TokenIds;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Answers other processes for a router. Thread-safe; one lock over the bookings it holds.
///
/// Who asks for a worker waits for it like a request that is routed here, and must say when its
/// request has ended. What is forgotten is released after `BOOKING_AGE_MAX`, or when `BOOKINGS_MAX`
/// others are held, the oldest first.
public final class RouterService
        implements RequestHandler<RouterQuestion, RouterAnswer>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RouterService.class);

    /// Bookings held for others.
    static final int BOOKINGS_MAX = 65_536;

    /// How long a booking is held without a word from its request.
    static final Duration BOOKING_AGE_MAX = Duration.ofMinutes(5);

    private final Function<String, Optional<RoutedEngine>> models;
    private final LongSupplier nanos;
    private final Map<String, Held> held = new LinkedHashMap<>(); // guarded by this; oldest first

    private record Held(RoutedEngine engine, Booking booking, long sinceNanos) {

        void prefillCompleted() {
            booking.prefillCompleted();
            engine.room().capacityFreed();
        }

        void release() {
            booking.close();
            engine.room().capacityFreed();
        }
    }

    /// @param models the router of a model by its name or that of an adapter; of the only one by
    ///     the empty name
    /// @param nanos monotonic
    public RouterService(Function<String, Optional<RoutedEngine>> models, LongSupplier nanos) {
        this.models = models;
        this.nanos = nanos;
    }

    @Override
    public RemoteStream open(RouterQuestion question, StreamReceiver<RouterAnswer> receiver) {
        return switch (question) {
            case New(var id, var model, var tokens, var metadata) ->
                    with(
                            model,
                            tokens,
                            id,
                            receiver,
                            (engine, query) ->
                                    new Selection(engine, query, metadata, receiver).begin());
            case PotentialLoads(var id, var model, var tokens) ->
                    with(
                            model,
                            tokens,
                            id,
                            receiver,
                            (engine, query) -> receiver.answer(loads(engine, query)));
            case OverlapScores(var id, var model, var tokens) ->
                    with(
                            model,
                            tokens,
                            id,
                            receiver,
                            (engine, query) -> receiver.answer(scores(engine, query)));
            case MarkPrefill(var id) -> receiver.answer(new PrefillMarked(markPrefill(id)));
            case MarkFree(var id) -> receiver.answer(new FreeMarked(free(id)));
        };
    }

    /// Releases everything that is held.
    @Override
    public synchronized void close() {
        held.values().forEach(Held::release);
        held.clear();
    }

    @FunctionalInterface
    private interface Answering {
        RemoteStream answer(RoutedEngine engine, RoutingQuery query);
    }

    private RemoteStream with(
            String model,
            TokenIds tokens,
            String id,
            StreamReceiver<RouterAnswer> receiver,
            Answering answering) {
        if (tokens.isEmpty()) {
            return receiver.answer(new Refused("tokens must not be empty"));
        }
        Optional<RoutedEngine> engine = models.apply(model);
        return engine.isEmpty()
                ? receiver.answer(new Refused("no workers of model \"" + model + "\" are known"))
                : answering.answer(engine.get(), engine.get().query(id, tokens, model));
    }

    /// A question for a worker; it may have to wait like any other request.
    private final class Selection implements Guest, RemoteStream {
        private final RoutedEngine engine;
        private final RoutingQuery query;
        private final RequestHints hints;
        private final RoutingHints routing;
        private final StreamReceiver<RouterAnswer> receiver;

        /// Throws `IllegalArgumentException` when what came beside the question cannot be.
        Selection(
                RoutedEngine engine,
                RoutingQuery query,
                Map<String, String> metadata,
                StreamReceiver<RouterAnswer> receiver) {
            this.engine = engine;
            this.query = query;
            this.hints = RequestMetadata.read(RequestHints.NONE, metadata);
            this.routing =
                    engine.hints(
                            query.hints(), policyClass(), query.promptTokens(), query.blocks());
            this.receiver = receiver;
        }

        RemoteStream begin() {
            if (engine.room().enter(this)) {
                letIn();
            }
            return this;
        }

        @Override
        public Optional<String> policyClass() {
            return hints.urgency().policyClass();
        }

        @Override
        public Applicant applicant(long nowNanos) {
            int promptTokens = query.promptTokens();
            return new Applicant(
                    policyClass(),
                    hints.tenant().orElse(""),
                    hints.urgency().tier(),
                    hints.urgency().priority(),
                    promptTokens,
                    Math.max(0, promptTokens - engine.mostCachedTokens(query.blocks())),
                    OptionalLong.empty());
        }

        @Override
        public boolean isPinned() {
            return false;
        }

        @Override
        public boolean mayGoTo(Placeable worker) {
            return Screening.admits(worker, query.hints());
        }

        @Override
        public void letIn() {
            RouterAnswer answer;
            try {
                answer = route(engine, engine.refreshed(query, routing));
            } catch (RuntimeException e) {
                LOG.error("no worker could be selected for {}", query.requestId(), e);
                answer = new Refused("internal error");
            }
            receiver.answer(answer);
        }

        @Override
        public void refuse(Refusal refusal) {
            receiver.answer(new Refused(Refusals.message(refusal)));
        }

        @Override
        public void pause() {} // there is one item at most

        @Override
        public void resume() {}

        @Override
        public void close() {
            if (engine.room().leave(this)) {
                receiver.onEnd(new StreamEnd.Completed());
            }
        }
    }

    private RouterAnswer route(RoutedEngine engine, RoutingQuery query) {
        RoutingDecision decision = engine.router.route(query);
        return switch (decision) {
            case Routed(var choice, var booking) -> {
                hold(query.requestId(), new Held(engine, booking, nanos.getAsLong()));
                yield new Selected(choice.worker(), choice.overlapBlocks());
            }
            case Overloaded _ -> new Refused("every worker is busy");
            case NoWorker() -> new Refused("there is no worker");
            case Ineligible(var obstacle) -> new Refused(obstacle.message());
        };
    }

    private static RouterAnswer scores(RoutedEngine engine, RoutingQuery query) {
        return new Scores(engine.router.overlaps(query.blocks()).toMap());
    }

    private static RouterAnswer loads(RoutedEngine engine, RoutingQuery query) {
        return new Loads(
                engine.router.price(query).stream().map(it -> potential(it, query)).toList(),
                engine.waitingRequests(),
                engine.waitingTokens());
    }

    private static PotentialLoad potential(Priced priced, RoutingQuery query) {
        long cached = (long) priced.overlapBlocks() * query.blocks().blockSizeTokens();
        return new PotentialLoad(
                priced.worker(),
                priced.load().prefillTokens() + Math.max(0, query.promptTokens() - cached),
                priced.load().decodeBlocks(),
                priced.load().activeRequests() + 1);
    }

    private synchronized void hold(String id, Held selected) {
        Held before = held.remove(id);
        if (before != null) {
            before.release();
        }
        held.put(id, selected);
        long now = selected.sinceNanos;
        Iterator<Held> oldest = held.values().iterator();
        for (Held each = oldest.next(); isForgotten(each, now); each = oldest.next()) {
            each.release();
            oldest.remove();
        }
    }

    /// The booking made just now never is, so the walk ends there at the latest.
    private boolean isForgotten(Held each, long now) {
        return held.size() > BOOKINGS_MAX || now - each.sinceNanos > BOOKING_AGE_MAX.toNanos();
    }

    private synchronized boolean markPrefill(String id) {
        Held known = held.get(id);
        if (known != null) {
            known.prefillCompleted();
        }
        return known != null;
    }

    private synchronized boolean free(String id) {
        Held known = held.remove(id);
        if (known != null) {
            known.release();
        }
        return known != null;
    }
}
