package dev.stator.engine.cpu.kernels;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Decides which kernels run, without anybody waiting for it.
///
/// Vector code is a hundred times slower than plain loops until the optimising compiler has taken
/// it, and some day it may not take it at all. So the scalar twins serve first, while a thread
/// exercises each vector kernel; when it has been compiled, is faster than its twin and gives the
/// same bits, it takes over. Nobody can see that in any output.
public final class KernelSelector implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KernelSelector.class);
    private static final int CALLS_PER_ROUND = 20;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /// How long a kernel may take to become faster than its twin.
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
            tryOut("f32", vector, Kernels::f32, trial::tiles, Kernels::withF32);
            tryOut("bf16", vector, Kernels::bf16, trial::panels, Kernels::withBf16);
            tryOut("int8", vector, Kernels::int8, trial::panels, Kernels::withInt8);
            tryOut("row", vector, Kernels::rows, trial::rows, Kernels::withRows);
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
            Kernels candidates,
            Function<Kernels, K> part,
            Function<K, float[]> exercise,
            BiFunction<Kernels, K, Kernels> with) {
        K scalar = part.apply(Kernels.SCALAR);
        K vector = part.apply(candidates);
        long deadline = System.nanoTime() + TRIAL_NANOS_MAX;
        long scalarNanos = Long.MAX_VALUE;
        long vectorNanos = Long.MAX_VALUE;
        while (vectorNanos >= scalarNanos && System.nanoTime() < deadline && !closed) {
            scalarNanos = Math.min(scalarNanos, round(scalar, exercise));
            vectorNanos = round(vector, exercise);
        }
        if (vectorNanos >= scalarNanos) {
            log.warn(
                    "{} kernels stay scalar: with vectors they take {} ns instead of {}",
                    name,
                    vectorNanos / CALLS_PER_ROUND,
                    scalarNanos / CALLS_PER_ROUND);
        } else if (!Arrays.equals(exercise.apply(scalar), exercise.apply(vector))) {
            log.warn("{} kernels stay scalar: with vectors they give other bits", name);
        } else {
            current = with.apply(current, vector);
        }
    }

    private static <K> long round(K kernel, Function<K, float[]> exercise) {
        long start = System.nanoTime();
        for (int i = 0; i < CALLS_PER_ROUND; i++) {
            exercise.apply(kernel);
        }
        return System.nanoTime() - start;
    }
}
