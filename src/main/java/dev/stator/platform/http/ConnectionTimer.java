package dev.stator.platform.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/// The one deadline a connection, or what runs on it, has at any moment. Event-loop thread only.
///
/// Moving a deadline later costs two stores: the scheduled task looks at the clock when it fires
/// and schedules itself again when it is early.
public final class ConnectionTimer {
    private final EventLoop loop;
    private @Nullable Runnable action;
    private long deadlineNanos;
    private @Nullable Future<?> scheduled;
    private long scheduledNanos;

    public ConnectionTimer(EventLoop loop) {
        this.loop = loop;
    }

    /// Runs `action` after `delayNanos` unless the timer is armed anew or disarmed before.
    public void arm(long delayNanos, Runnable action) {
        this.action = action;
        deadlineNanos = now() + delayNanos;
        if (scheduled != null && scheduledNanos - deadlineNanos > 0) {
            scheduled.cancel(false);
            scheduled = null;
        }
        if (scheduled == null) {
            schedule(delayNanos);
        }
    }

    public void disarm() {
        action = null;
    }

    /// Gives up the scheduled task, for a connection that has ended.
    public void stop() {
        disarm();
        if (scheduled != null) {
            scheduled.cancel(false);
            scheduled = null;
        }
    }

    private void schedule(long delayNanos) {
        scheduledNanos = now() + delayNanos;
        scheduled = loop.schedule(this::fire, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void fire() {
        scheduled = null;
        Runnable due = action;
        if (due == null) {
            return;
        }
        long left = deadlineNanos - now();
        if (left > 0) {
            schedule(left);
            return;
        }
        action = null;
        due.run();
    }

    private long now() {
        return loop.ticker().nanoTime();
    }
}
