package dev.stator.routing.explain;

import dev.stator.tokens.TokenBlocks;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/// How much of the prompts was cached, and how much might have been: the ladder from the ideal to
/// what was achieved. Thread-safe.
///
/// Every rung counts the same requests, each when it ends. Memory is bounded whatever the traffic:
/// the two rungs that are caches are told from samples (`SampledLru`), the others are sums. Up to
/// `SAMPLES_MAX` distinct blocks all is exact; the ideal cache forgets beyond `SAMPLES_MAX` · 256.
public final class HitLadder {

    /// How far back `lately` looks.
    public static final Duration WINDOW = Duration.ofMinutes(10);

    /// Sampled blocks per rung.
    public static final int SAMPLES_MAX = 32_768;

    private static final int PERIODS = 20;
    private static final long PERIOD_NANOS = WINDOW.toNanos() / PERIODS;

    private final LongSupplier nanos;
    private final SampledLru ideal; // guarded by this
    private final SampledLru bound; // guarded by this
    private final LadderReading[] periods = new LadderReading[PERIODS]; // guarded by this; a ring
    private LadderReading all = LadderReading.EMPTY; // guarded by this
    private long period; // guarded by this; the number of the newest

    /// A request that reached its first token.
    ///
    /// @param promptTokens with the tail that fills no block
    /// @param prompt its complete blocks
    /// @param held sequence hashes of the blocks of the prompt and of the answer, first block first
    /// @param cached what of the prompt was cached, or might have been
    /// @param fleetBlocks KV blocks of all workers together
    public record Served(
            int promptTokens, TokenBlocks prompt, long[] held, Cached cached, long fleetBlocks) {

        /// One of which the answer is not known.
        public Served(int promptTokens, TokenBlocks prompt, Cached cached, long fleetBlocks) {
            this(promptTokens, prompt, prompt.sequenceHashes(), cached, fleetBlocks);
        }
    }

    /// Tokens of the prompt in caches, see `Rung`.
    public record Cached(int bestWorkerTokens, int predictedTokens, int achievedTokens) {}

    /// @param nanos a monotonic clock
    public HitLadder(LongSupplier nanos) {
        this(nanos, SAMPLES_MAX);
    }

    HitLadder(LongSupplier nanos, int samplesMax) {
        this.nanos = nanos;
        this.ideal = new SampledLru(samplesMax);
        this.bound = new SampledLru(samplesMax);
        this.period = nanos.getAsLong() / PERIOD_NANOS;
        clear();
    }

    /// Counts a request that has ended.
    public synchronized void add(Served served) {
        advance();
        long[] blocks = served.prompt().sequenceHashes();
        long blockSize = served.prompt().blockSizeTokens();
        long idealTokens = (blocks.length - ideal.misses(blocks)) * blockSize;
        long boundTokens = (blocks.length - bound.misses(blocks)) * blockSize;
        ideal.touch(served.held(), Long.MAX_VALUE);
        bound.touch(served.held(), served.fleetBlocks());
        Cached cached = served.cached();
        var reading =
                new LadderReading(
                        1,
                        served.promptTokens(),
                        new long[] {
                            idealTokens,
                            boundTokens,
                            cached.bestWorkerTokens(),
                            cached.predictedTokens(),
                            cached.achievedTokens()
                        });
        int slot = slot(period);
        periods[slot] = periods[slot].plus(reading);
        all = all.plus(reading);
    }

    /// Of the last `WINDOW`, give or take a twentieth of it.
    public synchronized LadderReading lately() {
        advance();
        LadderReading sum = LadderReading.EMPTY;
        for (LadderReading each : periods) {
            sum = sum.plus(each);
        }
        return sum;
    }

    public synchronized LadderReading sinceStart() {
        return all;
    }

    /// The part of the blocks that the ideal rung is told from; 1 while it is exact.
    public synchronized double sampleRate() {
        return Math.min(ideal.rate(), bound.rate());
    }

    /// Empties the periods that have gone by since the last call.
    private void advance() {
        long now = nanos.getAsLong() / PERIOD_NANOS;
        if (now - period >= PERIODS) {
            clear();
        }
        for (long gone = Math.max(period + 1, now - PERIODS + 1); gone <= now; gone++) {
            periods[slot(gone)] = LadderReading.EMPTY;
        }
        period = Math.max(period, now);
    }

    private void clear() {
        Arrays.fill(periods, LadderReading.EMPTY);
    }

    private static int slot(long period) {
        return (int) Math.floorMod(period, (long) PERIODS);
    }
}
