package dev.stator.routing.live;

import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.RoutingDecision;
import dev.stator.routing.RoutingDecision.Ineligible;
import dev.stator.routing.RoutingDecision.NoWorker;
import dev.stator.routing.RoutingDecision.Overloaded;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery;
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
import dev.stator.runtime.requests.StreamReceiver;
import dev.stator.tokens.TokenIds;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Answers other processes for a router. Thread-safe; one lock over the bookings it holds.
///
/// Who asks for a worker must say when its request has ended. What is forgotten is released after
/// `BOOKING_AGE_MAX`, or when `BOOKINGS_MAX` others are held, the oldest first.
public final class RouterService
        implements RequestHandler<RouterQuestion, RouterAnswer>, AutoCloseable {

    /// Bookings held for others.
    static final int BOOKINGS_MAX = 65_536;

    /// How long a booking is held without a word from its request.
    static final Duration BOOKING_AGE_MAX = Duration.ofMinutes(5);

    private final Function<String, Optional<RoutedEngine>> models;
    private final LongSupplier nanos;
    private final Map<String, Held> held = new LinkedHashMap<>(); // guarded by this; oldest first

    private record Held(Booking booking, long sinceNanos) {}

    /// @param models the router of a model by its name or that of an adapter; of the only one by
    ///     the empty name
    /// @param nanos monotonic
    public RouterService(Function<String, Optional<RoutedEngine>> models, LongSupplier nanos) {
        this.models = models;
        this.nanos = nanos;
    }

    @Override
    public RemoteStream open(RouterQuestion question, StreamReceiver<RouterAnswer> receiver) {
        return receiver.answer(answer(question));
    }

    /// Releases everything that is held.
    @Override
    public synchronized void close() {
        held.values().forEach(it -> it.booking.close());
        held.clear();
    }

    RouterAnswer answer(RouterQuestion question) {
        return switch (question) {
            case New(var id, var model, var tokens) -> with(model, tokens, id, this::select);
            case PotentialLoads(var id, var model, var tokens) ->
                    with(model, tokens, id, RouterService::loads);
            case OverlapScores(var id, var model, var tokens) ->
                    with(
                            model,
                            tokens,
                            id,
                            (engine, query) ->
                                    new Scores(engine.router.overlaps(query.blocks()).toMap()));
            case MarkPrefill(var id) -> new PrefillMarked(markPrefill(id));
            case MarkFree(var id) -> new FreeMarked(free(id));
        };
    }

    @FunctionalInterface
    private interface Answering {
        RouterAnswer answer(RoutedEngine engine, RoutingQuery query);
    }

    private RouterAnswer with(String model, TokenIds tokens, String id, Answering answering) {
        if (tokens.isEmpty()) {
            return new Refused("tokens must not be empty");
        }
        Optional<RoutedEngine> engine = models.apply(model);
        return engine.isEmpty()
                ? new Refused("no workers of model \"" + model + "\" are known")
                : answering.answer(engine.get(), engine.get().query(id, tokens, model));
    }

    private RouterAnswer select(RoutedEngine engine, RoutingQuery query) {
        RoutingDecision decision = engine.router.route(query);
        return switch (decision) {
            case Routed(var choice, var booking) -> {
                hold(query.requestId(), booking);
                yield new Selected(choice.worker(), choice.overlapBlocks());
            }
            case Overloaded _ -> new Refused("every worker is busy");
            case NoWorker() -> new Refused("there is no worker");
            case Ineligible(var obstacle) -> new Refused(obstacle.message());
        };
    }

    private static RouterAnswer loads(RoutedEngine engine, RoutingQuery query) {
        return new Loads(
                engine.router.price(query).stream().map(it -> potential(it, query)).toList());
    }

    private static PotentialLoad potential(Priced priced, RoutingQuery query) {
        long cached = (long) priced.overlapBlocks() * query.blocks().blockSizeTokens();
        return new PotentialLoad(
                priced.worker(),
                priced.load().prefillTokens() + Math.max(0, query.promptTokens() - cached),
                priced.load().decodeBlocks(),
                priced.load().activeRequests() + 1);
    }

    private synchronized void hold(String id, Booking booking) {
        long now = nanos.getAsLong();
        Held before = held.remove(id);
        if (before != null) {
            before.booking.close();
        }
        held.put(id, new Held(booking, now));
        Iterator<Held> oldest = held.values().iterator();
        for (Held each = oldest.next(); isForgotten(each, now); each = oldest.next()) {
            each.booking.close();
            oldest.remove();
        }
    }

    /// The booking made just now never is, so the walk ends there at the latest.
    private boolean isForgotten(Held booking, long now) {
        return held.size() > BOOKINGS_MAX || now - booking.sinceNanos > BOOKING_AGE_MAX.toNanos();
    }

    private synchronized boolean markPrefill(String id) {
        Held known = held.get(id);
        if (known != null) {
            known.booking.prefillCompleted();
        }
        return known != null;
    }

    private synchronized boolean free(String id) {
        Held known = held.remove(id);
        if (known != null) {
            known.booking.close();
        }
        return known != null;
    }
}
