package dev.stator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What every engine must do. One subclass per implementation.
///
/// The model must know the token ids below 1000 and a context of 256 tokens or more; 512 is plenty.
public abstract class EngineContract {
    private static final int THREADS = 10;
    private static final int PER_THREAD = 50;

    private Optional<Engine> opened = Optional.empty();

    /// An engine that runs `maxSequences` generations at once and lets `waitingMax` more wait.
    protected abstract Engine open(int maxSequences, int waitingMax);

    /// Whether `onStart` already knows how much of the prompt was cached, and not only the end.
    protected boolean tellsCachedTokensAtTheStart() {
        return true;
    }

    /// Whether a minimum of tokens below the maximum can be kept; where not, it is refused.
    protected boolean knowsMinTokens() {
        return true;
    }

    @AfterEach
    void closeEngine() {
        opened.ifPresent(Engine::close);
    }

    private Engine engine(int maxSequences, int waitingMax) {
        Engine engine = open(maxSequences, waitingMax);
        opened = Optional.of(engine);
        return engine;
    }

    private Engine engine() {
        return engine(8, 1000);
    }

    private static GenerationRequest request(int variant, int maxTokens) {
        return Requests.request("r" + variant, Requests.prompt(40, variant), maxTokens, variant);
    }

    private static RecordingSink run(Engine engine, GenerationRequest request)
            throws InterruptedException {
        var sink = new RecordingSink();
        engine.generate(request, sink);
        sink.awaitEnd();
        return sink;
    }

    @Test
    void deliversStartTokensAndOneEnd() throws InterruptedException {
        RecordingSink sink = run(engine(), request(1, 10));

        assertThat(sink.start())
                .hasValueSatisfying(start -> assertThat(start.worker()).isNotEmpty());
        assertThat(sink.ids()).hasSize(10);
        assertThat(sink.awaitEnd())
                .isEqualTo(new Finished(FinishReason.LENGTH, new TokenUsage(40, 0, 10)));
    }

    @Test
    void stopsBehindAStopToken() throws InterruptedException {
        Engine engine = engine();
        List<Integer> ids = run(engine, request(1, 10)).ids();
        int stop = ids.get(4);
        var stops = new StopConditions(10, 0, Set.of(stop));
        RecordingSink sink = run(engine, Requests.request("s", Requests.prompt(40, 1), stops, 1));

        assertThat(sink.awaitFinished().reason()).isEqualTo(FinishReason.STOP);
        assertThat(sink.ids()).isEqualTo(ids.subList(0, ids.indexOf(stop) + 1));
        assertThat(sink.awaitFinished().usage().outputTokens()).isEqualTo(sink.ids().size());
    }

    @Test
    void doesNotStopBeforeTheMinimum() throws InterruptedException {
        Engine engine = engine();
        Set<Integer> everything = Set.copyOf(run(engine, request(1, 10)).ids());
        var stops = new StopConditions(10, 6, everything);
        RecordingSink sink = run(engine, Requests.request("s", Requests.prompt(40, 1), stops, 1));

        if (knowsMinTokens()) {
            assertThat(sink.ids().size()).isGreaterThanOrEqualTo(6);
        } else {
            assertThat(sink.awaitFailure().kind()).isEqualTo(FailureKind.INVALID_REQUEST);
        }
    }

    @Test
    void endsAtTheContextLength() throws InterruptedException {
        Engine engine = engine();
        int context = engine.info().contextLengthTokens();
        TokenIds prompt = Requests.prompt(context - 5, 1);
        RecordingSink sink = run(engine, Requests.request("r", prompt, 1000, 1));

        assertThat(sink.awaitFinished().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(sink.ids()).hasSize(5);
    }

    @Test
    void aPromptThatCannotFitIsInvalid() throws InterruptedException {
        Engine engine = engine();
        int context = engine.info().contextLengthTokens();
        RecordingSink sink = run(engine, Requests.request("r", Requests.prompt(context, 1), 1, 1));

        assertThat(sink.awaitFailure().kind()).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(sink.awaitFailure().message()).contains(Integer.toString(context));
        assertThat(sink.start()).isEmpty();
    }

    @Test
    void moreThanTheLimitsIsOverload() throws InterruptedException {
        Engine engine = engine(1, 1);
        var gate = new Gate();
        var running = new RecordingSink(gate);
        var waiting = new RecordingSink();
        engine.generate(request(1, 5), running);
        gate.awaitReached();
        engine.generate(request(2, 5), waiting);
        RecordingSink refused = run(engine, request(3, 5));
        gate.open();

        assertThat(refused.awaitFailure().kind()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(refused.awaitFailure().retryAfter()).isPresent();
        assertThat(running.awaitEnd()).isInstanceOf(Finished.class);
        assertThat(waiting.awaitEnd()).isInstanceOf(Finished.class);
        assertThat(run(engine, request(3, 5)).ids()).hasSize(5);
    }

    @Test
    void cancellingBeforeTheStartSkipsIt() throws InterruptedException {
        Engine engine = engine(1, 1);
        var gate = new Gate();
        var running = new RecordingSink(gate);
        var waiting = new RecordingSink();
        engine.generate(request(1, 5), running);
        gate.awaitReached();
        engine.generate(request(2, 5), waiting).close();
        gate.open();

        assertThat(waiting.awaitEnd())
                .isEqualTo(new Finished(FinishReason.CANCELLED, new TokenUsage(40, 0, 0)));
        assertThat(waiting.start()).isEmpty();
        assertThat(running.awaitFinished().reason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void cancellingMidwayCountsWhatWasDelivered() throws InterruptedException {
        Engine engine = engine();
        var gate = new Gate();
        var sink = new RecordingSink(gate);
        Generation generation = engine.generate(request(1, 100), sink);
        gate.awaitReached();
        generation.close();
        generation.close();
        gate.open();

        assertThat(sink.awaitFinished().reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(sink.ids().size()).isLessThan(100);
        assertThat(sink.awaitFinished().usage().outputTokens()).isEqualTo(sink.ids().size());
    }

    @Test
    void theHandleIsHarmlessAfterTheEnd() throws InterruptedException {
        Engine engine = engine();
        var sink = new RecordingSink();
        Generation generation = engine.generate(request(1, 5), sink);
        sink.awaitEnd();
        generation.pause();
        generation.resume();
        generation.close();
        run(engine, request(2, 5));

        assertThat(sink.awaitFinished().reason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aPausedGenerationWaitsAndThenGoesOnWhereItWas() throws InterruptedException {
        Engine engine = engine();
        List<Integer> undisturbed = run(engine, request(1, 100)).ids();
        var gate = new Gate();
        var sink = new RecordingSink(gate);
        Generation generation = engine.generate(request(1, 100), sink);
        gate.awaitReached();
        generation.pause();
        gate.open();
        run(engine, request(2, 90));
        assertThat(sink.ids().size()).isLessThan(50);

        generation.resume();
        assertThat(sink.awaitFinished().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(sink.ids()).isEqualTo(undisturbed);
    }

    @Test
    void aPausedGenerationCanBeCancelled() throws InterruptedException {
        Engine engine = engine();
        var gate = new Gate();
        var sink = new RecordingSink(gate);
        Generation generation = engine.generate(request(1, 100), sink);
        gate.awaitReached();
        generation.pause();
        gate.open();
        generation.close();

        assertThat(sink.awaitFinished().reason()).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void theSecondRunFindsThePromptInTheCache() throws InterruptedException {
        Engine engine = engine();
        RecordingSink first = run(engine, request(1, 10));
        RecordingSink second = run(engine, request(1, 10));
        int blockSize = engine.info().blockSizeTokens();
        int expected = 39 / blockSize * blockSize;

        assertThat(first.start().orElseThrow().cachedTokens()).isZero();
        assertThat(second.start().orElseThrow().cachedTokens())
                .isEqualTo(tellsCachedTokensAtTheStart() ? expected : 0);
        assertThat(second.awaitFinished().usage()).isEqualTo(new TokenUsage(40, expected, 10));
        assertThat(second.ids()).isEqualTo(first.ids());
    }

    @Test
    void namespacesDoNotShareTheCache() throws InterruptedException {
        Engine engine = engine();
        run(engine, request(1, 10));
        GenerationRequest own =
                Requests.inNamespace(request(1, 10), new CacheNamespace("", "tenant"));

        assertThat(run(engine, own).awaitFinished().usage().cachedTokens()).isZero();
    }

    @Test
    void logprobsComeWhenAskedFor() throws InterruptedException {
        Engine engine = engine();
        RecordingSink with = run(engine, Requests.withLogprobs(request(1, 5), 3));
        RecordingSink without = run(engine, request(1, 5));

        assertThat(with.ids()).isEqualTo(without.ids());
        assertThat(without.tokens()).allMatch(token -> token.logprobs().isEmpty());
        for (GeneratedToken token : with.tokens()) {
            TokenLogprobs logprobs = token.logprobs().orElseThrow();
            assertThat(logprobs.logprob()).isLessThanOrEqualTo(0);
            assertThat(logprobs.top()).hasSize(3);
            assertThat(logprobs.top())
                    .extracting(TokenLogprobs.Candidate::logprob)
                    .isSortedAccordingTo((a, b) -> Float.compare(b, a));
        }
    }

    @Test
    void whatElseRunsDoesNotChangeTheTokens() throws InterruptedException {
        Engine engine = engine();
        List<List<Integer>> alone = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            alone.add(run(engine, request(i, 20)).ids());
        }
        List<RecordingSink> together = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            together.add(new RecordingSink());
            engine.generate(request(i, 20), together.get(i));
        }
        for (int i = 0; i < 12; i++) {
            together.get(i).awaitEnd();
            assertThat(together.get(i).ids()).isEqualTo(alone.get(i));
        }
    }

    @Test
    void manyThreadsAreAllServed() throws InterruptedException {
        Engine engine = engine();
        List<RecordingSink> sinks = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int first = t * PER_THREAD;
            for (int i = 0; i < PER_THREAD; i++) {
                sinks.add(new RecordingSink());
            }
            threads.add(Thread.ofVirtual().start(() -> submitSome(engine, sinks, first)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (int i = 0; i < sinks.size(); i++) {
            Finished end = sinks.get(i).awaitFinished();
            boolean cancelled = i % 7 == 6;
            assertThat(sinks.get(i).ids()).hasSize(end.usage().outputTokens());
            if (!cancelled) {
                assertThat(end.reason()).isEqualTo(FinishReason.LENGTH);
                assertThat(sinks.get(i).ids()).hasSize(1 + i % 10);
            }
        }
    }

    private static void submitSome(Engine engine, List<RecordingSink> sinks, int first) {
        for (int i = first; i < first + PER_THREAD; i++) {
            Generation generation = engine.generate(request(i % 20, 1 + i % 10), sinks.get(i));
            if (i % 7 == 6) {
                generation.close();
            } else if (i % 5 == 4) {
                generation.pause();
                generation.resume();
            }
        }
    }

    @Test
    void closingEndsAllAsCancelled() throws InterruptedException {
        Engine engine = engine(2, 10);
        var gate = new Gate();
        var running = new RecordingSink(gate);
        engine.generate(request(0, 100), running);
        gate.awaitReached();
        List<RecordingSink> sinks = new ArrayList<>(List.of(running));
        for (int i = 1; i < 8; i++) {
            sinks.add(new RecordingSink());
            engine.generate(request(i, 100), sinks.get(i));
        }
        Thread closer = Thread.ofVirtual().start(engine::close);
        gate.open();
        closer.join();

        for (RecordingSink sink : sinks) {
            sink.awaitEnd();
        }
        engine.close();
        assertThat(run(engine, request(9, 5)).awaitFailure().kind())
                .isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void aSinkThatThrowsHarmsOnlyItself() throws InterruptedException {
        Engine engine = engine();
        List<Integer> expected = run(engine, request(1, 20)).ids();
        var sound = new RecordingSink();
        var faulty =
                new RecordingSink(
                        count -> {
                            if (count == 3) {
                                throw new IllegalStateException("thrown by a test");
                            }
                        });
        engine.generate(request(2, 20), faulty);
        engine.generate(request(3, 20), new FaultySink());
        engine.generate(request(1, 20), sound);

        assertThat(sound.awaitEnd()).isInstanceOf(Finished.class);
        assertThat(sound.ids()).isEqualTo(expected);
        assertThat(faulty.awaitFinished().reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(faulty.ids()).hasSize(3);
        assertThat(run(engine, request(4, 5)).ids()).hasSize(5);
    }

    @Test
    void aRefusalMeetsAFaultySinkUnharmed() {
        Engine engine = engine();
        engine.close();

        assertThatCode(() -> engine.generate(request(1, 5), new FaultySink()))
                .doesNotThrowAnyException();
    }

    /// Throws wherever it can.
    private static final class FaultySink implements TokenSink {
        @Override
        public void onStart(GenerationStart start) {
            throw new IllegalStateException("thrown by a test");
        }

        @Override
        public void onToken(GeneratedToken token) {
            throw new IllegalStateException("thrown by a test");
        }

        @Override
        public void onEnd(GenerationEnd end) {
            throw new IllegalStateException("thrown by a test");
        }
    }
}
