package dev.stator.engine.cpu.sampling;

import java.util.Arrays;

/// The tokens that may still be drawn, narrowed step by step, ids ascending.
///
/// Order of likelihood is by distance below the best logit, ties by the smaller id. A cut keeps the
/// first so many in that order without sorting them all: distances fall into buckets of 1/64 nat,
/// and only the bucket in which the cut lies is sorted.
final class Candidates {
    private static final int BUCKETS = 2048;
    private static final int BUCKETS_PER_NAT = 64;

    private final int[] ids;
    private final float[] distances; // by id: nats below the best, after temperature
    private final float[] weights; // by id: exp(-distance)
    private final double[] buckets = new double[BUCKETS];
    private final long[] sorted;
    private int size;

    Candidates(int vocabularySize) {
        this.ids = new int[vocabularySize];
        this.distances = new float[vocabularySize];
        this.weights = new float[vocabularySize];
        this.sorted = new long[vocabularySize];
    }

    /// All tokens, with probabilities in proportion to `exp(logit / temperature)`.
    void reset(float[] logits, float best, double temperature) {
        float scale = (float) (1 / temperature);
        size = ids.length;
        for (int id = 0; id < size; id++) {
            ids[id] = id;
            distances[id] = logits[id] == best ? 0 : (best - logits[id]) * scale;
        }
        Exponential.ofNegated(distances, weights, size);
    }

    /// Keeps the `count` most likely.
    void keepMostLikely(int count) {
        if (count >= size) {
            return;
        }
        Arrays.fill(buckets, 0);
        for (int i = 0; i < size; i++) {
            buckets[bucket(ids[i])]++;
        }
        int cut = 0;
        double before = 0;
        while (before + buckets[cut] < count) {
            before += buckets[cut++];
        }
        sortBucket(cut);
        keepUpTo(sorted[count - (int) before - 1]);
    }

    /// Keeps the fewest most likely that together have this part of the present probability.
    void keepMass(double part) {
        Arrays.fill(buckets, 0);
        double total = 0;
        for (int i = 0; i < size; i++) {
            double weight = weights[ids[i]];
            buckets[bucket(ids[i])] += weight;
            total += weight;
        }
        double wanted = part * total;
        int cut = 0;
        double mass = 0;
        while (cut < BUCKETS - 1 && mass + buckets[cut] < wanted) {
            mass += buckets[cut++];
        }
        int count = sortBucket(cut);
        int last = 0;
        mass += weights[(int) sorted[0]];
        while (mass < wanted && last < count - 1) {
            mass += weights[(int) sorted[++last]];
        }
        keepUpTo(sorted[last]);
    }

    /// Keeps those at least this fraction as likely as the best.
    void keepLikelierThan(double fraction) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (weights[ids[i]] >= fraction) {
                ids[kept++] = ids[i];
            }
        }
        size = kept;
    }

    /// The candidate at `unit` in `[0, 1)` of the present probability.
    int draw(double unit) {
        double total = 0;
        for (int i = 0; i < size; i++) {
            total += weights[ids[i]];
        }
        double target = unit * total;
        double mass = 0;
        int drawn = ids[0];
        for (int i = 0; i < size; i++) {
            if (weights[ids[i]] > 0) {
                drawn = ids[i];
                mass += weights[drawn];
                if (mass > target) {
                    return drawn;
                }
            }
        }
        return drawn; // rounding: the last one that has any weight
    }

    private int bucket(int id) {
        return Math.min(BUCKETS - 1, (int) (distances[id] * BUCKETS_PER_NAT));
    }

    /// Sorts the candidates of one bucket, most likely first, and returns how many there are.
    private int sortBucket(int bucket) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (bucket(ids[i]) == bucket) {
                sorted[count++] = key(ids[i]);
            }
        }
        Arrays.sort(sorted, 0, count);
        return count;
    }

    private void keepUpTo(long lastKey) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (key(ids[i]) <= lastKey) {
                ids[kept++] = ids[i];
            }
        }
        size = kept;
    }

    /// Ascends as likelihood descends; the low half is the id.
    private long key(int id) {
        return ((long) Float.floatToRawIntBits(distances[id]) << 32) | id;
    }
}
