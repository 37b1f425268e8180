package dev.stator.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One generation, read by blocking calls; made for virtual threads. One thread reads, any thread
/// may close.
///
/// When the reader is slower than the engine, the engine is asked to pause at `PAUSE_ABOVE_TOKENS`
/// and to go on at `RESUME_BELOW_TOKENS`, so that the buffer holds little more than that.
public final class TokenStream implements AutoCloseable {
    static final int PAUSE_ABOVE_TOKENS = 512;
    static final int RESUME_BELOW_TOKENS = 128;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<GeneratedToken> buffer = new ArrayDeque<>(); // guarded by lock
    private Optional<GenerationStart> start = Optional.empty(); // guarded by lock
    private Optional<GenerationEnd> end = Optional.empty(); // guarded by lock
    private Optional<Generation> generation = Optional.empty(); // guarded by lock
    private boolean full; // guarded by lock
    private boolean pauseApplied; // owned by whoever took `pressure` from 0
    private final AtomicInteger pressure = new AtomicInteger();

    private TokenStream() {}

    /// Starts a generation. Refusals are told by `end`.
    public static TokenStream open(Engine engine, GenerationRequest request) {
        var stream = new TokenStream();
        Generation generation = engine.generate(request, stream.new Sink());
        stream.locked(() -> stream.generation = Optional.of(generation));
        stream.applyPressure();
        return stream;
    }

    /// Waits for the beginning; empty when the generation ended before it began.
    public Optional<GenerationStart> start() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (start.isEmpty() && end.isEmpty()) {
                changed.await();
            }
            return start;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the next token; empty when none follows, and then `end` says why.
    public Optional<GeneratedToken> next() throws InterruptedException {
        Optional<GeneratedToken> token;
        boolean resumes;
        lock.lockInterruptibly();
        try {
            while (buffer.isEmpty() && end.isEmpty()) {
                changed.await();
            }
            token = Optional.ofNullable(buffer.poll());
            resumes = full && buffer.size() < RESUME_BELOW_TOKENS;
            full = full && !resumes;
        } finally {
            lock.unlock();
        }
        if (resumes) {
            applyPressure();
        }
        return token;
    }

    /// How the generation ended. Throws `IllegalStateException` while it runs; it has ended when
    /// `next` returned empty.
    public GenerationEnd end() {
        lock.lock();
        try {
            return end.orElseThrow(() -> new IllegalStateException("generation has not ended"));
        } finally {
            lock.unlock();
        }
    }

    /// Cancels the generation if it still runs. What was received can still be read.
    @Override
    public void close() {
        Optional<Generation> running;
        lock.lock();
        try {
            running = generation;
        } finally {
            lock.unlock();
        }
        running.ifPresent(Generation::close);
    }

    /// Tells the engine whether the buffer is full, one thread at a time and without a lock held:
    /// who finds another one at it leaves the rest to that one.
    private void applyPressure() {
        int missed = pressure.incrementAndGet();
        if (missed > 1) {
            return;
        }
        while (missed != 0) {
            tellEngine();
            missed = pressure.addAndGet(-missed);
        }
    }

    private void tellEngine() {
        Optional<Generation> running;
        boolean pause;
        lock.lock();
        try {
            running = generation;
            pause = full;
        } finally {
            lock.unlock();
        }
        if (running.isEmpty() || pause == pauseApplied) {
            return;
        }
        pauseApplied = pause;
        if (pause) {
            running.get().pause();
        } else {
            running.get().resume();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Sink implements TokenSink {
        @Override
        public void onStart(GenerationStart started) {
            locked(() -> start = Optional.of(started));
        }

        @Override
        public void onToken(GeneratedToken token) {
            boolean pauses;
            lock.lock();
            try {
                buffer.add(token);
                pauses = !full && buffer.size() > PAUSE_ABOVE_TOKENS;
                full = full || pauses;
                changed.signal();
            } finally {
                lock.unlock();
            }
            if (pauses) {
                applyPressure();
            }
        }

        @Override
        public void onEnd(GenerationEnd ended) {
            locked(() -> end = Optional.of(ended));
        }
    }
}
