package dev.stator.engine.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

class KernelPoolTest {
    private static final int JOBS = 2_000;
    private static final int CHUNKS = 37;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void runsEveryChunkOnceBeforeItReturns(int threads) {
        try (var pool = new KernelPool(threads, "test")) {
            for (int job = 0; job < JOBS; job++) {
                var runs = new AtomicIntegerArray(CHUNKS);
                pool.run(CHUNKS, (chunk, _) -> runs.incrementAndGet(chunk));
                for (int chunk = 0; chunk < CHUNKS; chunk++) {
                    assertThat(runs.get(chunk)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void noTwoChunksRunAtTheSameTimeUnderOneWorkerNumber() {
        try (var pool = new KernelPool(3, "test")) {
            var busy = new AtomicIntegerArray(pool.threads());
            var clashes = new AtomicInteger();
            for (int job = 0; job < JOBS; job++) {
                pool.run(CHUNKS, (_, worker) -> enter(busy, worker, clashes));
            }
            assertThat(clashes).hasValue(0);
        }
    }

    private static void enter(AtomicIntegerArray busy, int worker, AtomicInteger clashes) {
        if (busy.getAndIncrement(worker) != 0) {
            clashes.incrementAndGet();
        }
        busy.decrementAndGet(worker);
    }

    @Test
    void throwsWhatAChunkThrewAndGoesOn() {
        try (var pool = new KernelPool(2, "test")) {
            assertThatThrownBy(
                            () ->
                                    pool.run(
                                            CHUNKS,
                                            (chunk, _) -> {
                                                if (chunk == 7) {
                                                    throw new ArithmeticException("seven");
                                                }
                                            }))
                    .hasStackTraceContaining("seven");

            var runs = new AtomicInteger();
            pool.run(CHUNKS, (_, _) -> runs.incrementAndGet());
            assertThat(runs).hasValue(CHUNKS);
        }
    }

    @Test
    void needsAThread() {
        assertThatThrownBy(() -> new KernelPool(0, "test"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threads must be positive: 0");
    }
}
