package dev.stator.routing.rebalance;

import dev.stator.kv.cache.WorkerId;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Tells a prefix that is replicated on purpose from a request that just went elsewhere.
/// Thread-safe; one lock.
///
/// A prefix is hot when it is asked for often. That it gets another holder is told once; if it goes
/// there again within a period, everybody knows. Not more than a bounded number is told per second.
public final class Rebalancer {

    /// Prefixes that are counted at once.
    public static final int PREFIXES_MAX = 256;

    /// Requests of the last seconds that make a prefix hot.
    public static final double HOT_REQUESTS = 4;

    /// After this time a request counts half.
    public static final Duration HALF_LIFE = Duration.ofSeconds(30);

    /// In which the same is not told twice.
    public static final Duration QUIET_PERIOD = Duration.ofSeconds(10);

    /// What is told within a second.
    public static final int TOLD_PER_SECOND_MAX = 32;

    private static final int TOLD_MAX = 1_024; // remembered
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final HotPrefixes hot = new HotPrefixes(PREFIXES_MAX, HALF_LIFE.toNanos());
    private final LinkedHashMap<Move, Long> told = new LinkedHashMap<>(); // when; oldest first
    private long secondNanos; // when the running second began
    private int toldInSecond;
    private volatile Listener listener = Listener.NONE;

    /// Hears of what is told. Must not block.
    @FunctionalInterface
    public interface Listener {
        Listener NONE = _ -> {};

        void moved(Rebalance rebalance);
    }

    private record Move(long prefix, WorkerId to) {}

    /// Tells `heard` of what happens from now on, and nobody else any more.
    public void listen(Listener heard) {
        listener = heard;
    }

    /// Counts a request for a prefix, and returns whether the prefix is hot.
    ///
    /// @param prefix the sequence hash of its last block
    public synchronized boolean isHot(long prefix, long nowNanos) {
        return hot.touch(prefix, nowNanos) >= HOT_REQUESTS;
    }

    /// Requests for a prefix lately, as counted so far.
    ///
    /// @param prefix the sequence hash of its last block
    public synchronized double requests(long prefix, long nowNanos) {
        return hot.count(prefix, nowNanos);
    }

    /// The same when it is to be told, which it then is.
    public Optional<Rebalance> tell(Rebalance rebalance, long nowNanos) {
        if (!mayTell(new Move(rebalance.sequenceHash(), rebalance.to()), nowNanos)) {
            return Optional.empty();
        }
        listener.moved(rebalance);
        return Optional.of(rebalance);
    }

    private synchronized boolean mayTell(Move move, long nowNanos) {
        if (nowNanos - secondNanos >= SECOND) {
            secondNanos = nowNanos;
            toldInSecond = 0;
        }
        Long last = told.get(move);
        boolean isKnown = last != null && nowNanos - last < QUIET_PERIOD.toNanos();
        if (isKnown || toldInSecond == TOLD_PER_SECOND_MAX) {
            return false;
        }
        toldInSecond++;
        told.remove(move);
        if (told.size() == TOLD_MAX) {
            told.pollFirstEntry();
        }
        told.put(move, nowNanos);
        return true;
    }
}
