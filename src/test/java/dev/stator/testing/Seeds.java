package dev.stator.testing;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// Seeds for property tests. `-Dseed=N` repeats one; the seed is the test's argument, so a failure
/// prints it.
public final class Seeds {
    private Seeds() {}

    /// Ten seeds, or the one given by `-Dseed`.
    public static LongStream ten() {
        return seeds(10);
    }

    /// A hundred seeds, or the one given by `-Dseed`.
    public static LongStream hundred() {
        return seeds(100);
    }

    /// A thousand seeds, or the one given by `-Dseed`.
    public static LongStream thousand() {
        return seeds(1_000);
    }

    /// Ten thousand seeds, or the one given by `-Dseed`.
    public static LongStream tenThousand() {
        return seeds(10_000);
    }

    private static LongStream seeds(int count) {
        Long only = Long.getLong("seed");
        return only != null ? LongStream.of(only) : new SplittableRandom(20_261_120).longs(count);
    }
}
