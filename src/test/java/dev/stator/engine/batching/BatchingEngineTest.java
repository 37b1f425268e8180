package dev.stator.engine.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.engine.RecordingSink;
import dev.stator.engine.Requests;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.kv.pool.BlockPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

class BatchingEngineTest {
    private static final BatchingConfig CONFIG =
            new BatchingConfig(
                    4, 64, 64, 1, Duration.ofMillis(5), 8, 100, Duration.ofSeconds(3), 0);

    private final BlockingQueue<StepReport> reports = new LinkedBlockingQueue<>();
    private final AtomicBoolean executorClosed = new AtomicBoolean();
    private Optional<BatchingEngine> opened = Optional.empty();

    @AfterEach
    void close() {
        opened.ifPresent(BatchingEngine::close);
    }

    @Test
    void aDefectOfTheExecutorEndsItsStepAndNoMore() throws InterruptedException {
        var broken = new AtomicBoolean(true);
        BatchingEngine engine =
                open(
                        (plan, output) -> {
                            if (broken.getAndSet(false)) {
                                throw new IllegalStateException("thrown by a test");
                            }
                            sampleOnes(plan, output);
                        },
                        _ -> {});
        EngineFailure failure = run(engine, 10, 2).awaitFailure();
        RecordingSink next = run(engine, 10, 2);

        assertThat(failure.kind()).isEqualTo(FailureKind.INTERNAL);
        assertThat(failure.message()).contains("thrown by a test");
        assertThat(next.ids()).containsExactly(1, 1);
        assertThat(idleReport().usedBlocks()).isZero();
    }

    @Test
    void anExecutorThatForgetsATokenIsDefective() throws InterruptedException {
        BatchingEngine engine = open((_, _) -> {}, _ -> {});

        assertThat(run(engine, 10, 2).awaitFailure().message()).contains("no token for slice 0");
    }

    @Test
    void aDefectOfTheEngineItselfLeavesNobodyWaiting() throws InterruptedException {
        var events = new AtomicInteger();
        KvCacheListener defective =
                _ -> {
                    if (events.incrementAndGet() == 2) {
                        throw new IllegalStateException("thrown by a test");
                    }
                };
        BatchingEngine engine = open(BatchingEngineTest::sampleOnes, defective);
        var allThere = new CountDownLatch(1);
        engine.withPool(_ -> await(allThere));
        List<RecordingSink> sinks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            sinks.add(new RecordingSink());
            engine.generate(Requests.request("r", Requests.prompt(10, i), 1, 0), sinks.get(i));
        }
        allThere.countDown();

        for (RecordingSink sink : sinks) {
            assertThat(sink.awaitFailure().kind()).isEqualTo(FailureKind.INTERNAL);
        }
        engine.close();
        assertThat(run(engine, 10, 2).awaitFailure().kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(executorClosed).isTrue();
    }

    @Test
    void promptsBeyondTheWaitingTokensAreRefused() throws InterruptedException {
        var proceed = new CountDownLatch(1);
        BatchingEngine engine =
                open(
                        (plan, output) -> {
                            await(proceed);
                            sampleOnes(plan, output);
                        },
                        _ -> {});
        var running = new RecordingSink();
        engine.generate(Requests.request("a", Requests.prompt(60, 1), 2, 0), running);
        var waiting = new RecordingSink();
        engine.generate(Requests.request("b", Requests.prompt(40, 2), 2, 0), waiting);
        RecordingSink refused = new RecordingSink();
        engine.generate(Requests.request("c", Requests.prompt(61, 3), 2, 0), refused);
        EngineFailure failure = refused.awaitFailure();
        proceed.countDown();

        assertThat(failure.kind()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(failure.message()).contains("61").contains("100");
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(running.awaitEnd()).isInstanceOf(Finished.class);
        assertThat(waiting.awaitEnd()).isInstanceOf(Finished.class);
        StepReport last = idleReport();
        while (last.waitingTokens() > 0) {
            last = idleReport();
        }
    }

    @Test
    void thePoolIsReachedBetweenSteps() throws Exception {
        BatchingEngine engine = open(BatchingEngineTest::sampleOnes, _ -> {});
        run(engine, 10, 3);
        var dump = new CompletableFuture<List<KvCacheEvent.Stored>>();
        assertThat(engine.withPool(pool -> dump.complete(pool.dump()))).isTrue();
        assertThat(dump.get(60, TimeUnit.SECONDS))
                .flatExtracting(KvCacheEvent.Stored::blocks)
                .hasSize(3);

        var used = new CompletableFuture<Integer>();
        engine.withPool(
                _ -> {
                    throw new IllegalStateException("thrown by a test");
                });
        engine.withPool(BlockPool::clear);
        engine.withPool(pool -> used.complete(pool.cachedBlocks()));
        assertThat(used.get(60, TimeUnit.SECONDS)).isZero();
        engine.close();
        assertThat(engine.withPool(BlockPool::clear)).isFalse();
    }

    @Test
    void everyStepIsReported() throws InterruptedException {
        BatchingEngine engine = open(BatchingEngineTest::sampleOnes, _ -> {});
        idleReport();
        run(engine, 10, 3);
        StepReport prefill = reports.poll(60, TimeUnit.SECONDS);
        StepReport decode = reports.poll(60, TimeUnit.SECONDS);
        StepReport last = idleReport();

        assertThat(prefill.prefillTokens()).isEqualTo(10);
        assertThat(prefill.runningSequences()).isEqualTo(1);
        assertThat(prefill.usedBlocks()).isEqualTo(3);
        assertThat(decode.decodeTokens()).isEqualTo(1);
        assertThat(decode.stepNanos()).isEqualTo(1);
        assertThat(last.runningSequences()).isZero();
        assertThat(last.cachedBlocks()).isEqualTo(3);
        assertThat(engine.report()).isEqualTo(last);
    }

    @Test
    void aSinkMayCloseTheEngine() throws InterruptedException {
        var self = new CompletableFuture<BatchingEngine>();
        BatchingEngine engine = open(BatchingEngineTest::sampleOnes, _ -> {});
        self.complete(engine);
        var sink = new RecordingSink(_ -> self.join().close());
        engine.generate(Requests.request("a", Requests.prompt(10, 1), 5, 0), sink);

        assertThat(sink.awaitFinished().reason()).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void aSinkMayStartTheNextGenerationWhenItsOwnEnds() throws InterruptedException {
        BatchingEngine engine = open(BatchingEngineTest::sampleOnes, _ -> {});
        var second = new RecordingSink();
        var first =
                new RecordingSink(
                        count -> {
                            if (count == 2) {
                                engine.generate(
                                        Requests.request("b", Requests.prompt(9, 2), 3, 0), second);
                            }
                        });
        Generation generation =
                engine.generate(Requests.request("a", Requests.prompt(10, 1), 2, 0), first);

        assertThat(second.awaitFinished().usage().outputTokens()).isEqualTo(3);
        generation.close();
    }

    private BatchingEngine open(StepExecutor steps, KvCacheListener cache) {
        var clock = new long[1];
        var setup =
                new BatchingSetup("worker", "test", 512, CONFIG, reports::add, () -> clock[0]++);
        var executor =
                new StepExecutor() {
                    @Override
                    public void execute(StepPlan plan, StepOutput output) {
                        steps.execute(plan, output);
                    }

                    @Override
                    public void close() {
                        executorClosed.set(true);
                    }
                };
        BatchingEngine engine = BatchingEngine.open(executor, new BlockPool(64, 4, cache), setup);
        opened = Optional.of(engine);
        return engine;
    }

    private static RecordingSink run(BatchingEngine engine, int promptTokens, int maxTokens)
            throws InterruptedException {
        var sink = new RecordingSink();
        engine.generate(
                Requests.request("r", Requests.prompt(promptTokens, 1), maxTokens, 0), sink);
        sink.awaitEnd();
        return sink;
    }

    /// The next report that the engine has nothing to do.
    private StepReport idleReport() throws InterruptedException {
        StepReport report = reports.poll(60, TimeUnit.SECONDS);
        while (report.stepNanos() > 0 || report.runningSequences() > 0) {
            report = reports.poll(60, TimeUnit.SECONDS);
        }
        return report;
    }

    private static void sampleOnes(StepPlan plan, StepOutput output) {
        for (int i = 0; i < plan.size(); i++) {
            if (plan.slice(i).samples()) {
                output.put(i, GeneratedToken.of(1));
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
