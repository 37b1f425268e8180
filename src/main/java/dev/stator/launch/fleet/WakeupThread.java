package dev.stator.launch.fleet;

import dev.stator.routing.live.waiting.Wakeups;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The one thread that lets waiting requests in, for all models of a process.
///
/// What is pending is bounded by its users: a model has at most one thing to be done soon and one
/// after a while.
final class WakeupThread implements Wakeups, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WakeupThread.class);

    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(
                    1,
                    Thread.ofPlatform().daemon().name("admission").factory(),
                    new ThreadPoolExecutor.DiscardPolicy());

    @Override
    public void soon(Runnable action) {
        executor.execute(() -> run(action));
    }

    @Override
    public void after(Duration delay, Runnable action) {
        var _ = executor.schedule(() -> run(action), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Drops what is pending.
    @Override
    public void close() {
        executor.shutdownNow();
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("letting requests in failed", e);
        }
    }
}
