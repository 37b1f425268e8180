package dev.stator.routing.live;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.wire.GenerationItem;
import dev.stator.engine.wire.GenerationItem.Ended;
import dev.stator.engine.wire.GenerationItem.Produced;
import dev.stator.engine.wire.GenerationItem.Started;
import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.explain.AnswerBlocks;
import dev.stator.routing.explain.DecisionJournal;
import dev.stator.routing.explain.DecisionRecord.End;
import dev.stator.routing.explain.DecisionRecord.EndKind;
import dev.stator.routing.explain.DecisionRecord.Outcome;
import dev.stator.routing.load.Booking;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamReceiver;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// What one worker answers to one request. Holds the booking and gives it back at the end.
///
/// The start is passed on with the first token, so that the caller hears of one worker only: a
/// worker that fails in between can still be replaced.
final class Attempt implements StreamReceiver<GenerationItem> {
    private static final End CANCELLED = new End(EndKind.CANCELLED, "");

    private final RoutedGeneration generation;
    private final Booking booking;
    private final DecisionJournal.Entry decision;
    private final AnswerBlocks answer;
    private final long beganNanos;

    private @Nullable GenerationStart start; // what is not passed on yet
    private int cachedTokens;
    private int outputTokens;
    private Optional<Duration> timeToFirstToken = Optional.empty();
    private boolean ended;

    Attempt(
            RoutedGeneration generation,
            Routed routed,
            DecisionJournal.Entry decision,
            AnswerBlocks answer) {
        this.generation = generation;
        this.booking = routed.booking();
        this.decision = decision;
        this.answer = answer;
        this.beganNanos = nanos();
    }

    @Override
    public void onItem(GenerationItem item) {
        switch (item) {
            case Started(var begun) -> {
                start = named(begun);
                cachedTokens = begun.cachedTokens();
            }
            case Produced(var token) -> pass(token);
            case Ended(var end) -> end(end);
        }
    }

    @Override
    public void onEnd(StreamEnd end) {
        switch (end) {
            case StreamEnd.Completed() -> fail("the worker stopped without a result");
            case StreamEnd.Failed(var cause, var message) ->
                    end(failed(kind(cause), message + " (worker " + booking.worker() + ")"));
        }
    }

    /// Workers that are not ours do not say who they are.
    private GenerationStart named(GenerationStart begun) {
        WorkerId id = booking.worker();
        String name = begun.worker().isEmpty() ? id.toString() : begun.worker();
        return new GenerationStart(name, begun.cachedTokens(), Optional.of(id));
    }

    /// Ends it from this side.
    void fail(String message) {
        end(failed(FailureKind.UNAVAILABLE, message));
    }

    private void pass(GeneratedToken token) {
        if (generation.isSinkFaulty()) {
            return;
        }
        if (outputTokens++ == 0) {
            booking.prefillCompleted(
                    cachedTokens > 0 ? OptionalInt.of(cachedTokens) : OptionalInt.empty());
            generation.fleet().room().capacityFreed();
            timeToFirstToken = Optional.of(elapsed());
            passStart();
        }
        booking.tokenProduced();
        answer.add(token.id());
        generation.passToken(token);
    }

    private void passStart() {
        GenerationStart held = start;
        start = null;
        if (held != null) {
            generation.passStart(held);
        }
    }

    private void end(GenerationEnd end) {
        if (ended) {
            return;
        }
        ended = true;
        booking.close();
        generation.fleet().room().capacityFreed();
        if (end instanceof GenerationEnd.Finished(_, var usage)) {
            cachedTokens = Math.max(cachedTokens, usage.cachedTokens()); // some know only now
        }
        decision.ended(
                new Outcome(written(end), cachedTokens, outputTokens, timeToFirstToken, elapsed()),
                answer);
        if (generation.isSinkFaulty()) {
            generation.end(generation.cancelled(cachedTokens, outputTokens));
            return;
        }
        switch (end) {
            case GenerationEnd.Failed _ when generation.isClosed() ->
                    generation.end(generation.cancelled(cachedTokens, outputTokens));
            case GenerationEnd.Failed(var failure)
                    when outputTokens == 0 && generation.mayRetry(failure) ->
                    generation.retry(booking.worker(), failure);
            default -> {
                passStart();
                generation.end(end);
            }
        }
    }

    private static GenerationEnd failed(FailureKind kind, String message) {
        return new GenerationEnd.Failed(EngineFailure.of(kind, message));
    }

    private static FailureKind kind(StreamEnd.FailureCause cause) {
        return switch (cause) {
            case NO_SUCH_INSTANCE, CONNECTION_LOST -> FailureKind.UNAVAILABLE;
            case OVERLOADED -> FailureKind.OVERLOADED;
            case HANDLER_FAILED -> FailureKind.INTERNAL;
        };
    }

    private End written(GenerationEnd end) {
        return switch (end) {
            case GenerationEnd.Failed _ when generation.isClosed() -> CANCELLED;
            case GenerationEnd.Failed(var failure) -> new End(EndKind.FAILED, failure.message());
            case GenerationEnd.Finished(var reason, _) ->
                    switch (reason) {
                        case STOP -> new End(EndKind.STOP, "");
                        case LENGTH -> new End(EndKind.LENGTH, "");
                        case CANCELLED -> CANCELLED;
                    };
        };
    }

    private Duration elapsed() {
        return Duration.ofNanos(nanos() - beganNanos);
    }

    private long nanos() {
        return generation.fleet().clocks.nanos().getAsLong();
    }
}
