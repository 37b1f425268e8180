package dev.stator.engine.remote;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.GenerationEnd;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Knows whether a server produces tokens, by asking it for one.
///
/// A server that has delivered tokens since the last check is not asked, so a busy server is not
/// disturbed and is not thought dead because the question waits in its queue. A failed request
/// brings the next check forward. A server that refuses because of too much work is up.
public final class RemoteHealth implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteHealth.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    /// Asks for one token, and returns how that ended.
    @FunctionalInterface
    interface Check {
        GenerationEnd run() throws InterruptedException;
    }

    private final Check check;
    private final RemoteLimits limits;
    private final List<HealthListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong tokens = new AtomicLong();
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean suspected; // guarded by lock
    private boolean closed; // guarded by lock
    private int failedChecks; // owned by the thread
    private volatile boolean up = true;

    /// Begins with a server that is up.
    RemoteHealth(Check check, RemoteLimits limits) {
        this.check = check;
        this.limits = limits;
        this.thread = Thread.ofVirtual().name("remote-health").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    public boolean isUp() {
        return up;
    }

    /// Tells `listener` of every change from now on. The server is up when this is called first.
    public void listen(HealthListener listener) {
        listeners.add(listener);
    }

    /// The server has delivered a token.
    void alive() {
        tokens.incrementAndGet();
    }

    /// A request has failed in a way that may be the server's.
    void suspect() {
        lock.lock();
        try {
            suspected = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            long seen = tokens.get();
            while (awaitTurn()) {
                long now = tokens.get();
                if (now == seen || failedChecks > 0) {
                    look();
                }
                seen = tokens.get();
            }
        } catch (InterruptedException _) {
            LOG.debug("health checks ended");
        }
    }

    /// Waits for the next check to be due; false when there is none.
    private boolean awaitTurn() throws InterruptedException {
        boolean calm = up && failedChecks == 0;
        Duration interval = calm ? limits.checkInterval() : limits.recheckInterval();
        lock.lockInterruptibly();
        try {
            long left = interval.toNanos();
            while (left > 0 && !closed && !(suspected && calm)) {
                left = changed.awaitNanos(left);
            }
            suspected = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void look() throws InterruptedException {
        long before = tokens.get();
        Optional<String> trouble = trouble(check.run());
        if (trouble.isEmpty() || tokens.get() != before) {
            failedChecks = 0;
            change(true, "");
        } else {
            failedChecks++;
            LOG.debug("health check {} failed: {}", failedChecks, trouble.get());
            if (failedChecks >= limits.failedChecksMax()) {
                change(false, trouble.get());
            }
        }
    }

    private static Optional<String> trouble(GenerationEnd end) {
        return switch (end) {
            case GenerationEnd.Finished _ -> Optional.empty();
            case GenerationEnd.Failed(EngineFailure failure) ->
                    failure.kind() == FailureKind.OVERLOADED
                            ? Optional.empty()
                            : Optional.of(failure.message());
        };
    }

    private void change(boolean nowUp, String reason) {
        if (up == nowUp) {
            return;
        }
        up = nowUp;
        for (HealthListener listener : listeners) {
            try {
                if (nowUp) {
                    listener.onUp();
                } else {
                    listener.onDown(reason);
                }
            } catch (RuntimeException e) {
                LOG.error("a listener of the engine's health failed", e);
            }
        }
    }

    /// Ends the checks; waits for the one that runs. Idempotent.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        try {
            boolean running = thread.getState() != Thread.State.NEW;
            if (running && !thread.equals(Thread.currentThread()) && !thread.join(CLOSE_TIMEOUT)) {
                LOG.warn("a listener of the engine's health does not return");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
