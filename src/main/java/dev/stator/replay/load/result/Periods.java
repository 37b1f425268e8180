package dev.stator.replay.load.result;

import dev.stator.replay.load.result.LoadSummary.Period;

import java.util.ArrayList;
import java.util.List;

/// Counts by time. Of fixed size: when a run outlasts it, two periods become one. Thread-safe.
final class Periods {
    private static final int PERIODS = 512;
    private static final long FIRST_NANOS = 100_000_000;

    private final long[] completed = new long[PERIODS]; // guarded by this
    private final long[] unserved = new long[PERIODS]; // guarded by this
    private final long[] tokens = new long[PERIODS]; // guarded by this
    private long nanos = FIRST_NANOS; // guarded by this
    private int used; // guarded by this

    synchronized void tokens(long atNanos, int count) {
        tokens[index(atNanos)] += count;
    }

    synchronized void ended(long atNanos, boolean served) {
        (served ? completed : unserved)[index(atNanos)]++;
    }

    private int index(long atNanos) {
        while (atNanos / nanos >= PERIODS) {
            nanos *= 2;
            halve(completed);
            halve(unserved);
            halve(tokens);
            used = (used + 1) / 2;
        }
        int index = (int) (Math.max(0, atNanos) / nanos);
        used = Math.max(used, index + 1);
        return index;
    }

    private static void halve(long[] counts) {
        for (int i = 0; i < PERIODS; i++) {
            long pair = 2 * i + 1 < PERIODS ? counts[2 * i] + counts[2 * i + 1] : 0;
            counts[i] = pair;
        }
    }

    synchronized List<Period> list() {
        List<Period> list = new ArrayList<>();
        for (int i = 0; i < used; i++) {
            list.add(new Period(i * nanos, nanos, completed[i], unserved[i], tokens[i]));
        }
        return list;
    }
}
