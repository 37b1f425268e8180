package dev.stator.engine.cpu.kernels;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Decides which kernels run, without anybody waiting for it.
///
/// Vector code is a hundred times slower than plain loops until the optimising compiler has taken
/// it, and some day it may not take it at all. So the scalar twins serve first, while a thread
/// exercises each vector kernel; when it has been compiled, is no slower than its twin and gives
/// the same bits, it takes over. Nobody can see that in any output.
public final class KernelSelector implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KernelSelector.class);
    private static final int CALLS_PER_ROUND = 20;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /// How long a kernel may take to become as fast as its twin.
    private static final long TRIAL_NANOS_MAX = 20_000_000_000L;

    private final CountDownLatch settled = new CountDownLatch(1);
    private final Thread thread;
    private volatile Kernels current = Kernels.SCALAR;
    private volatile boolean closed;

    private KernelSelector() {
        this.thread = new Thread(this::select, "kernel-warm-up");
        thread.setDaemon(true);
    }

    /// Starts with the scalar kernels and begins to try the others.
    public static KernelSelector start() {
        var selector = new KernelSelector();
        selector.thread.start();
        return selector;
    }

    /// The best kernels known to work by now.
    public Kernels current() {
        return current;
    }

    /// Waits until all kernels have been tried.
    public void awaitSettled() throws InterruptedException {
        settled.await();
    }

    /// Keeps what has been selected and stops trying.
    @Override
    public void close() {
        closed = true;
    }

    private void select() {
        long start = System.nanoTime();
        try {
            Kernels vector = Kernels.vector();
            var trial = new KernelTrial(start);
            tryOut("f32", Kernels::f32, trial.tiles(), k -> k.withF32(vector.f32()));
            tryOut("bf16", Kernels::bf16, trial.panels(), k -> k.withBf16(vector.bf16()));
            tryOut("int8", Kernels::int8, trial.panels(), k -> k.withInt8(vector.int8()));
            tryOut("row", Kernels::rows, trial.rows(), k -> k.withRows(vector.rows()));
            log.info("kernels were tried in {} ms", (System.nanoTime() - start) / NANOS_PER_MILLI);
        } catch (LinkageError e) {
            log.warn(
                    "all kernels stay scalar and many times slower: start the JVM with"
                            + " --add-modules jdk.incubator.vector ({})",
                    e.toString());
        } finally {
            settled.countDown();
        }
    }

    private <K> void tryOut(
            String name,
            Function<Kernels, K> part,
            List<Function<K, float[]>> exercises,
            UnaryOperator<Kernels> with) {
        K scalar = part.apply(Kernels.SCALAR);
        K vector = part.apply(with.apply(Kernels.SCALAR));
        for (Function<K, float[]> exercise : exercises) {
            if (!isBetter(name, scalar, vector, exercise)) {
                return;
            }
        }
        current = with.apply(current);
    }

    private <K> boolean isBetter(String name, K scalar, K vector, Function<K, float[]> exercise) {
        long deadline = System.nanoTime() + TRIAL_NANOS_MAX;
        long scalarNanos = round(scalar, exercise);
        long vectorNanos = round(vector, exercise);
        while (!isFast(vectorNanos, scalarNanos) && System.nanoTime() < deadline && !closed) {
            scalarNanos = Math.min(scalarNanos, round(scalar, exercise));
            vectorNanos = Math.min(vectorNanos, round(vector, exercise));
        }
        boolean isFast = isFast(vectorNanos, scalarNanos);
        boolean isSame = Arrays.equals(exercise.apply(scalar), exercise.apply(vector));
        if (!closed && !(isFast && isSame)) {
            log.warn(
                    "{} kernels stay scalar: vectors give {} bits and take {} ns instead of {}",
                    name,
                    isSame ? "the same" : "other",
                    vectorNanos / CALLS_PER_ROUND,
                    scalarNanos / CALLS_PER_ROUND);
        }
        return isFast && isSame;
    }

    /// Simple loops may be as fast as vectors, so what counts is being no slower than noise allows.
    private static boolean isFast(long vectorNanos, long scalarNanos) {
        return vectorNanos < scalarNanos + scalarNanos / 4;
    }

    private static <K> long round(K kernel, Function<K, float[]> exercise) {
        long start = System.nanoTime();
        for (int i = 0; i < CALLS_PER_ROUND; i++) {
            var _ = exercise.apply(kernel);
        }
        return System.nanoTime() - start;
    }
}
