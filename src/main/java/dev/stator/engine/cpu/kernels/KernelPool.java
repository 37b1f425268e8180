package dev.stator.engine.cpu.kernels;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// A fixed number of threads that share the chunks of one job at a time.
///
/// Whoever is free claims the next chunk, the caller included, so a thread that the system has
/// preempted delays one chunk and not the job. Helpers wait for the next job by spinning a few
/// microseconds, because a forward pass is hundreds of short jobs, and then park. One caller at a
/// time.
public final class KernelPool implements AutoCloseable {
    /// How long a helper spins before it parks.
    private static final long SPIN_NANOS = 10_000;

    private static final int SPINS_BETWEEN_CLOCK_READS = 32;

    /// Part of a job.
    @FunctionalInterface
    public interface Chunk {
        /// @param worker in `[0, threads)`, different for chunks that run at the same time
        void run(int chunk, int worker);
    }

    private static final class Job {
        private final Chunk body;
        private final int chunks;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Job(Chunk body, int chunks) {
            this.body = body;
            this.chunks = chunks;
        }

        /// Runs chunks until none is left to claim.
        void work(int worker) {
            for (int chunk = next.getAndIncrement();
                    chunk < chunks;
                    chunk = next.getAndIncrement()) {
                try {
                    body.run(chunk, worker);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                } finally {
                    done.incrementAndGet();
                }
            }
        }
    }

    private final class Helper extends Thread {
        private final int worker;
        private volatile boolean parked;

        Helper(String name, int worker) {
            super(name);
            this.worker = worker;
            setDaemon(true);
        }

        @Override
        public void run() {
            Job last = job;
            while (!closed) {
                Job next = await(last);
                if (next != last) {
                    next.work(worker);
                    last = next;
                }
            }
        }

        private Job await(Job last) {
            long deadline = System.nanoTime() + SPIN_NANOS;
            while (job == last && System.nanoTime() < deadline) {
                for (int i = 0; i < SPINS_BETWEEN_CLOCK_READS && job == last; i++) {
                    Thread.onSpinWait();
                }
            }
            parked = true;
            while (job == last && !closed) {
                LockSupport.park(KernelPool.this);
            }
            parked = false;
            return job;
        }

        void wake() {
            if (parked) {
                LockSupport.unpark(this);
            }
        }
    }

    private final List<Helper> helpers = new ArrayList<>();
    private volatile Job job = new Job((_, _) -> {}, 0);
    private volatile boolean closed;

    /// Starts `threads - 1` helpers; the caller of `run` is the remaining thread.
    public KernelPool(int threads, String name) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be positive: " + threads);
        }
        for (int worker = 1; worker < threads; worker++) {
            var helper = new Helper(name + "-" + worker, worker);
            helpers.add(helper);
            helper.start();
        }
    }

    /// How many chunks can run at the same time.
    public int threads() {
        return helpers.size() + 1;
    }

    /// Runs chunks 0 to `chunks - 1` in any order and returns when all are done. Throws what a
    /// chunk threw, after the others ended.
    public void run(int chunks, Chunk body) {
        if (helpers.isEmpty() || chunks == 1) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                body.run(chunk, 0);
            }
            return;
        }
        var mine = new Job(body, chunks);
        job = mine;
        helpers.forEach(Helper::wake);
        mine.work(0);
        awaitDone(mine);
        Throwable failure = mine.failure.get();
        if (failure != null) {
            throw new IllegalStateException("a chunk failed: " + failure, failure);
        }
    }

    /// Ends the helpers; no job may be running.
    @Override
    public void close() {
        closed = true;
        helpers.forEach(LockSupport::unpark);
    }

    @SuppressWarnings("ThreadPriorityCheck") // the chunks still out are being computed
    private static void awaitDone(Job mine) {
        long deadline = System.nanoTime() + SPIN_NANOS;
        while (mine.done.get() < mine.chunks) {
            if (System.nanoTime() < deadline) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }
}
