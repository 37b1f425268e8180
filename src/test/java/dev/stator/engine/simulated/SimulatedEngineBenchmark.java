package dev.stator.engine.simulated;

import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.Requests;
import dev.stator.engine.TokenSink;
import dev.stator.engine.batching.BatchingConfig;
import dev.stator.engine.batching.BatchingEngine;
import dev.stator.engine.batching.StepListener;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Tokens per second of the engine loop: ten thousand generations at once, no model, sinks that
/// count. The step thread is the only busy one.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class SimulatedEngineBenchmark {
    private static final int SEQUENCES = 10_000;
    private static final int TOKENS = 200;

    private final LongAdder delivered = new LongAdder();
    private final BatchingEngine engine = open();

    @TearDown(Level.Trial)
    public void close() {
        engine.close();
    }

    @Benchmark
    @OperationsPerInvocation(SEQUENCES * TOKENS)
    public long tokens() throws InterruptedException {
        var done = new CountDownLatch(SEQUENCES);
        TokenSink sink = new CountingSink(done);
        for (int i = 0; i < SEQUENCES; i++) {
            engine.generate(Requests.request("r", Requests.prompt(32, i), TOKENS, i), sink);
        }
        done.await();
        return delivered.sum();
    }

    private static BatchingEngine open() {
        var batching =
                new BatchingConfig(
                        SEQUENCES,
                        4 * SEQUENCES,
                        SEQUENCES,
                        SEQUENCES,
                        Duration.ofMillis(50),
                        SEQUENCES,
                        10_000_000,
                        Duration.ofSeconds(1),
                        0.01);
        var config =
                new SimulatedConfig(
                        "bench",
                        "simulated",
                        4096,
                        20 * SEQUENCES,
                        16,
                        TimingModel.INSTANT,
                        new TokenRange(0, 50_000),
                        batching);
        return SimulatedEngine.open(config, _ -> {}, StepListener.NONE);
    }

    private final class CountingSink implements TokenSink {
        private final CountDownLatch done;

        private CountingSink(CountDownLatch done) {
            this.done = done;
        }

        @Override
        public void onStart(GenerationStart start) {}

        @Override
        public void onToken(GeneratedToken token) {
            delivered.increment();
        }

        @Override
        public void onEnd(GenerationEnd end) {
            done.countDown();
        }
    }
}
