package dev.stator.engine.cpu.sampling;

import java.util.Arrays;

/// The tokens that may still be drawn and their weights, narrowed step by step.
///
/// Begins with the most likely or with all. A cut by mass sorts only where it lies: it looks at
/// those within a few nats of the best, which hold nearly all probability, puts them into buckets
/// by weight, and ranks the bucket in which the mass is reached.
final class Candidates {
    private static final int BLOCK = 1024;
    private static final int BUCKETS = 4096;
    private static final double FIRST_REACH_NATS = 8;
    private static final double LAST_REACH_NATS = 64; // what lies beyond is nothing to a double
    private static final long ONE = Double.doubleToRawLongBits(1);
    private static final int INDEX_BITS = 24;
    private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

    private final MostLikely mostLikely = new MostLikely();
    private final int[] ids; // ascending
    private final double[] weights; // in step with ids: exp of the distance below the best
    private final double[] buckets = new double[BUCKETS];
    private final int[] near;
    private final long[] ranked;
    private int size;

    Candidates(int vocabularySize) {
        this.ids = new int[vocabularySize];
        this.weights = new double[vocabularySize];
        this.near = new int[vocabularySize];
        this.ranked = new long[vocabularySize];
    }

    /// All tokens, with probabilities in proportion to `exp(logit / temperature)`.
    void takeAll(float[] row, float best, double temperature) {
        double scale = 1 / temperature;
        size = row.length;
        for (int i = 0; i < size; i++) {
            ids[i] = i;
        }
        for (int i = 0; i < size; i++) {
            weights[i] = distance(row[i], best, scale);
        }
        Exponential.ofNegated(weights, size);
    }

    /// The `count` most likely tokens.
    void takeMostLikely(float[] row, float best, double temperature, int count) {
        double scale = 1 / temperature;
        size = mostLikely.select(row, count);
        for (int i = 0; i < size; i++) {
            ids[i] = mostLikely.id(i);
        }
        Arrays.sort(ids, 0, size);
        for (int i = 0; i < size; i++) {
            weights[i] = distance(row[ids[i]], best, scale);
        }
        Exponential.ofNegated(weights, size);
    }

    /// Keeps the fewest most likely that together have this part of the present probability.
    void keepMass(double part) {
        double wanted = part * Exponential.sum(weights, 0, size);
        double reach = FIRST_REACH_NATS;
        while (!keepWithin(reach, wanted) && reach < LAST_REACH_NATS) {
            reach *= 2;
        }
        Arrays.fill(buckets, 0);
        for (int i = 0; i < size; i++) {
            buckets[bucket(weights[i])] += weights[i];
        }
        int cut = 0;
        double mass = 0;
        while (cut < BUCKETS - 1 && mass + buckets[cut] < wanted) {
            mass += buckets[cut++];
        }
        keepFirstOf(cut, wanted - mass);
    }

    /// Keeps those at least this fraction as likely as the best.
    void keepLikelierThan(double fraction) {
        keepNear(near(fraction));
    }

    /// The candidate at `unit` in `[0, 1)` of the present probability, ids ascending.
    int draw(double unit) {
        double total = 0;
        for (int start = 0; start < size; start += BLOCK) {
            total += blockMass(start);
        }
        double target = unit * total;
        double before = 0;
        int start = 0;
        for (; start + BLOCK < size && before + blockMass(start) <= target; start += BLOCK) {
            before += blockMass(start);
        }
        int drawn = -1;
        for (int i = start; i < size && (drawn < 0 || before <= target); i++) {
            if (weights[i] > 0) {
                drawn = ids[i];
                before += weights[i];
            }
        }
        return drawn < 0 ? lastPossible() : drawn;
    }

    /// Where rounding puts the target behind the last weight.
    private int lastPossible() {
        int i = size - 1;
        while (weights[i] == 0) {
            i--;
        }
        return ids[i];
    }

    private double blockMass(int start) {
        return Exponential.sum(weights, start, Math.min(size, start + BLOCK));
    }

    /// Keeps those in reach if together they have the mass wanted.
    private boolean keepWithin(double reachNats, double wanted) {
        int count = near(Exponential.ofNegated(reachNats));
        double mass = 0;
        for (int n = 0; n < count; n++) {
            mass += weights[near[n]];
        }
        if (mass >= wanted) {
            keepNear(count);
        }
        return mass >= wanted;
    }

    /// Lists those with at least this weight, without a branch that cannot be foreseen.
    private int near(double least) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            near[count] = i;
            count += weights[i] >= least ? 1 : 0;
        }
        return count;
    }

    private void keepNear(int count) {
        for (int n = 0; n < count; n++) {
            keep(n, near[n]);
        }
        size = count;
    }

    /// Keeps all in better buckets than `cut`, and of `cut` the most likely until they have `mass`.
    private void keepFirstOf(int cut, double mass) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (bucket(weights[i]) == cut) {
                ranked[count++] = rank(i);
            }
        }
        Arrays.sort(ranked, 0, count);
        int last = 0;
        double sum = count == 0 ? 0 : weights[(int) (ranked[0] & INDEX_MASK)];
        while (sum < mass && last < count - 1) {
            sum += weights[(int) (ranked[++last] & INDEX_MASK)];
        }
        long lastRank = count == 0 ? 0 : ranked[last];
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int bucket = bucket(weights[i]);
            if (bucket < cut || (bucket == cut && rank(i) <= lastRank)) {
                keep(kept++, i);
            }
        }
        size = kept;
    }

    private void keep(int at, int from) {
        ids[at] = ids[from];
        weights[at] = weights[from];
    }

    /// Weights from 1 down in steps of 1/64 octave.
    private static int bucket(double weight) {
        return (int) Math.min(BUCKETS - 1, (ONE - Double.doubleToRawLongBits(weight)) >>> 46);
    }

    /// Orders a bucket: ascends as the weight descends, ties by the index, which is its low part.
    private long rank(int index) {
        long below = ONE - Double.doubleToRawLongBits(weights[index]);
        return ((below << 18) >>> 25 << INDEX_BITS) | index;
    }

    private static double distance(float logit, float best, double scale) {
        return Math.min((double) best - logit, Double.MAX_VALUE) * scale;
    }
}
