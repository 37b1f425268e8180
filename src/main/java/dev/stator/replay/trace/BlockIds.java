package dev.stator.replay.trace;

import java.util.Arrays;

/// The ids of one prompt's blocks, first block first. Equal ids name equal prefixes. Immutable.
///
/// Ids that follow each other by one are kept as runs: a recorded context of 10,000 blocks has a
/// few.
public final class BlockIds {

    public static final BlockIds NONE = new Builder().build();

    private final long[] firsts; // of each run
    private final int[] ends; // of each run: the number of ids up to its end

    private BlockIds(long[] firsts, int[] ends) {
        this.firsts = firsts;
        this.ends = ends;
    }

    public static BlockIds of(long... ids) {
        var builder = new Builder();
        for (long id : ids) {
            builder.add(id, 1);
        }
        return builder.build();
    }

    /// `first`, `first + 1` and so on.
    public static BlockIds range(long first, int count) {
        return new Builder().add(first, count).build();
    }

    public int count() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    /// The ids, in a new array.
    public long[] toArray() {
        var ids = new long[count()];
        int at = 0;
        for (int run = 0; run < ends.length; run++) {
            for (long id = firsts[run]; at < ends[run]; id++) {
                ids[at++] = id;
            }
        }
        return ids;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockIds that
                && Arrays.equals(firsts, that.firsts)
                && Arrays.equals(ends, that.ends);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(firsts) + Arrays.hashCode(ends);
    }

    @Override
    public String toString() {
        return Arrays.toString(toArray());
    }

    /// Collects runs.
    public static final class Builder {
        private long[] firsts = new long[4];
        private int[] ends = new int[4];
        private int runs;

        /// Appends `first`, `first + 1` and so on, `count` of them.
        public Builder add(long first, int count) {
            if (count < 0) {
                throw new IllegalArgumentException("a run cannot have " + count + " ids");
            }
            if (count > 0) {
                append(first, count);
            }
            return this;
        }

        private void append(long first, int count) {
            int before = size();
            if (runs > 0 && first == nextId()) {
                ends[runs - 1] += count;
                return;
            }
            if (runs == firsts.length) {
                firsts = Arrays.copyOf(firsts, 2 * runs);
                ends = Arrays.copyOf(ends, 2 * runs);
            }
            firsts[runs] = first;
            ends[runs++] = Math.addExact(before, count);
        }

        /// The id that would lengthen the last run.
        private long nextId() {
            int start = runs == 1 ? 0 : ends[runs - 2];
            return firsts[runs - 1] + (ends[runs - 1] - start);
        }

        public int size() {
            return runs == 0 ? 0 : ends[runs - 1];
        }

        public BlockIds build() {
            return new BlockIds(Arrays.copyOf(firsts, runs), Arrays.copyOf(ends, runs));
        }
    }
}
