package dev.stator.routing.live;

import dev.stator.routing.live.waiting.Wakeups;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;

/// Runs what is due when it is told to, on a clock that it moves.
final class ManualWakeups implements Wakeups {
    private final AtomicLong nanos;
    private final Queue<Runnable> soon = new ArrayDeque<>();
    private final PriorityQueue<Timed> later =
            new PriorityQueue<>(Comparator.comparingLong(Timed::atNanos));

    private record Timed(long atNanos, Runnable action) {}

    ManualWakeups(AtomicLong nanos) {
        this.nanos = nanos;
    }

    @Override
    public void soon(Runnable action) {
        soon.add(action);
    }

    @Override
    public void after(Duration delay, Runnable action) {
        later.add(new Timed(nanos.get() + delay.toNanos(), action));
    }

    /// Things that are to be run at some time.
    int pending() {
        return soon.size() + later.size();
    }

    /// Runs what is to be run soon.
    void run() {
        for (Runnable next = soon.poll(); next != null; next = soon.poll()) {
            next.run();
        }
    }

    /// Lets so much time go by, and everything happen in it.
    void pass(Duration time) {
        long end = nanos.get() + time.toNanos();
        run();
        while (!later.isEmpty() && later.element().atNanos <= end) {
            Timed next = later.remove();
            nanos.set(next.atNanos);
            next.action.run();
            run();
        }
        nanos.set(end);
    }
}
