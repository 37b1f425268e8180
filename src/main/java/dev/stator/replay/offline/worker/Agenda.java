package dev.stator.replay.offline.worker;

import java.util.Comparator;
import java.util.PriorityQueue;

/// Virtual time and what is due in it. One thread.
public final class Agenda {
    private static final Comparator<Entry> ORDER =
            Comparator.comparingLong(Entry::nanos)
                    .thenComparing(Entry::rank)
                    .thenComparingLong(Entry::number);

    private final PriorityQueue<Entry> due = new PriorityQueue<>(ORDER);
    private long nowNanos;
    private long entries;

    /// Nanoseconds since the beginning.
    public long nowNanos() {
        return nowNanos;
    }

    /// What is due at the same time happens in this order, and within it as it was added.
    public enum Rank {
        COMPLETION,
        ARRIVAL
    }

    /// Does something at a time, now at the earliest.
    public void at(long nanos, Rank rank, Runnable action) {
        due.add(new Entry(Math.max(nanos, nowNanos), rank, entries++, action));
    }

    /// Does whatever is next; false when nothing is.
    public boolean step() {
        Entry next = due.poll();
        if (next == null) {
            return false;
        }
        nowNanos = next.nanos;
        next.action.run();
        return true;
    }

    private record Entry(long nanos, Rank rank, long number, Runnable action) {}
}
