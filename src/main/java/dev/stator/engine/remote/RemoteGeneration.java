package dev.stator.engine.remote;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationEnd.Failed;
import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.TokenSink;
import dev.stator.engine.TokenUsage;
import dev.stator.engine.remote.dialect.AnswerException;
import dev.stator.engine.remote.dialect.AnswerReader;
import dev.stator.engine.remote.dialect.AnswerStep;
import dev.stator.engine.remote.dialect.AnswerStep.Verdict;
import dev.stator.engine.remote.dialect.EngineErrors;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.http.client.EventListener;
import dev.stator.platform.http.client.HttpCall;
import dev.stator.platform.http.client.HttpFailure;
import dev.stator.platform.http.client.HttpReply;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// One generation in a server: reads the answer, tells the sink, and passes on the caller's wishes.
///
/// The sink is called on the call's event loop only. Whoever claims the end tells it, once.
final class RemoteGeneration implements Generation, EventListener {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteGeneration.class);

    /// What a generation needs of its engine.
    ///
    /// @param maxTokens of this request, within the context length
    record Terms(String worker, int maxTokens, boolean countsExactly, RemoteLimits limits) {}

    /// Hears how a generation fares.
    interface Observer {

        void onToken();

        /// The end is about to be told to the sink.
        ///
        /// @param unfinished whether the server may still be working on it
        void onEnd(RemoteGeneration generation, GenerationEnd end, boolean unfinished);
    }

    private final GenerationRequest request;
    private final TokenSink sink;
    private final AnswerReader reader;
    private final Terms terms;
    private final Observer observer;
    private final AtomicBoolean ended = new AtomicBoolean();
    private boolean started;
    private int cachedTokens;
    private int outputTokens;
    private volatile boolean opened;
    private volatile boolean cancelled;
    private volatile @Nullable HttpCall call;

    RemoteGeneration(
            GenerationRequest request,
            TokenSink sink,
            AnswerReader reader,
            Terms terms,
            Observer observer) {
        this.request = request;
        this.sink = sink;
        this.reader = reader;
        this.terms = terms;
        this.observer = observer;
    }

    /// Gives it the call it belongs to, which may already have ended.
    void attach(HttpCall made) {
        call = made;
        if (cancelled) {
            made.cancel();
        }
    }

    @Override
    public void pause() {
        HttpCall current = call;
        if (current != null && !ended.get()) {
            current.pause();
        }
    }

    @Override
    public void resume() {
        HttpCall current = call;
        if (current != null && !ended.get()) {
            current.resume();
        }
    }

    @Override
    public void close() {
        cancelled = true;
        HttpCall current = call;
        if (current != null) {
            current.cancel();
        }
    }

    @Override
    public void onOpen(HttpCall current) {
        opened = true;
        current.expectWithin(terms.limits().firstTokenTimeout());
    }

    @Override
    public void onEvent(HttpCall current, String data) {
        if (cancelled || ended.get()) {
            return;
        }
        try {
            apply(current, reader.read(data));
        } catch (JsonException | JsonFieldException | AnswerException e) {
            breakOff(current, FailureKind.INTERNAL, "unreadable answer: " + e.getMessage());
        }
    }

    private void apply(HttpCall current, AnswerStep step) {
        cachedTokens = step.cachedTokens().orElse(cachedTokens);
        if (step.cachedTokens().isPresent() || !step.tokens().isEmpty()) {
            start();
        }
        for (GeneratedToken token : step.tokens()) {
            if (cancelled) {
                current.cancel();
                return;
            }
            if (terms.countsExactly() && outputTokens == terms.maxTokens()) {
                breakOff(current, FailureKind.INTERNAL, "more tokens than were asked for");
                return;
            }
            deliver(token);
        }
        if (cancelled) {
            current.cancel();
        } else if (step.verdict().isPresent()) {
            conclude(current, step.verdict().get());
        } else if (!step.tokens().isEmpty()) {
            current.expectWithin(terms.limits().tokenGapTimeout());
        }
    }

    private void start() {
        if (started) {
            return;
        }
        started = true;
        guarded(() -> sink.onStart(new GenerationStart(terms.worker(), cachedTokens)));
    }

    private void deliver(GeneratedToken token) {
        outputTokens++;
        observer.onToken();
        guarded(() -> sink.onToken(token));
    }

    /// A sink that throws cancels its generation.
    private void guarded(Runnable sinkCall) {
        try {
            sinkCall.run();
        } catch (Throwable e) {
            LOG.warn("sink of request {} failed", request.id(), e);
            cancelled = true;
        }
    }

    private void conclude(HttpCall current, Verdict verdict) {
        switch (verdict) {
            case Verdict.Finished(FinishReason reason) -> {
                end(finished(reason), false);
                current.discardRest();
            }
            case Verdict.Enough(FinishReason reason) -> {
                end(finished(reason), true);
                current.cancel();
            }
            case Verdict.Broken(EngineFailure failure) -> {
                end(new Failed(failure), false);
                current.cancel();
            }
        }
    }

    private void breakOff(HttpCall current, FailureKind kind, String message) {
        end(new Failed(EngineFailure.of(kind, "the engine: " + message)), true);
        current.cancel();
    }

    @Override
    public void onEnd(HttpCall current) {
        endOfAnswer(current, "the stream ended early");
    }

    private void endOfAnswer(HttpCall current, String how) {
        if (cancelled) {
            end(finished(FinishReason.CANCELLED), true);
        } else if (!ended.get()) {
            apply(current, reader.end(how));
        }
    }

    /// A server that answers 200 without a stream does not speak the dialect.
    @Override
    public void onAnswer(HttpCall current, HttpReply reply) {
        if (cancelled) {
            end(finished(FinishReason.CANCELLED), true);
            return;
        }
        EngineFailure failure =
                reply.head().status() / 100 == 2
                        ? EngineFailure.of(
                                FailureKind.INTERNAL, "the engine answered without a stream")
                        : EngineErrors.of(reply);
        end(new Failed(failure), false);
    }

    @Override
    public void onFailure(HttpCall current, HttpFailure failure) {
        if (cancelled || failure.kind() == HttpFailure.Kind.CANCELLED) {
            end(finished(FinishReason.CANCELLED), true);
            return;
        }
        switch (failure.kind()) {
            case LOST -> endOfAnswer(current, failure.message());
            case TIMED_OUT -> end(new Failed(tooLate()), true);
            default -> end(new Failed(failed(failure)), true);
        }
    }

    private static EngineFailure failed(HttpFailure failure) {
        return switch (failure.kind()) {
            case TOO_MANY_CONNECTIONS ->
                    new EngineFailure(
                            FailureKind.OVERLOADED,
                            failure.message(),
                            Optional.of(Duration.ofSeconds(1)));
            case MALFORMED ->
                    EngineFailure.of(
                            FailureKind.INTERNAL,
                            "the engine: unreadable answer: " + failure.message());
            default ->
                    EngineFailure.of(FailureKind.UNAVAILABLE, "the engine: " + failure.message());
        };
    }

    private EngineFailure tooLate() {
        RemoteLimits limits = terms.limits();
        String message;
        if (!opened) {
            message = "no answer within " + limits.headTimeout();
        } else if (outputTokens == 0) {
            message = "no token within " + limits.firstTokenTimeout();
        } else {
            message = "no further token within " + limits.tokenGapTimeout();
        }
        return EngineFailure.of(FailureKind.TIMED_OUT, "the engine: " + message);
    }

    /// Ends a generation that is not sent.
    void refuse(EngineFailure failure) {
        end(new Failed(failure), false);
    }

    private Finished finished(FinishReason reason) {
        if (reason != FinishReason.CANCELLED) {
            start();
        }
        return new Finished(
                reason, new TokenUsage(request.prompt().size(), cachedTokens, outputTokens));
    }

    private void end(GenerationEnd end, boolean unfinished) {
        if (ended.compareAndSet(false, true)) {
            observer.onEnd(this, end, unfinished);
            guarded(() -> sink.onEnd(end));
        }
    }
}
