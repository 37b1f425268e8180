package dev.stator.kv.index.learned;

import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.IndexSize;
import dev.stator.kv.index.Overlaps;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.kv.index.PrefixMatcher;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Believes that a worker holds what was routed to it, for engines that tell nothing. Thread-safe.
///
/// A worker's blocks leave least recently used first, children before their parents, when they are
/// too old or too many. A decision costs its own blocks; what became too old is dropped by later
/// decisions and matches, a bounded number each. An index with a limit may forget more; that counts
/// again when it is routed again.
public final class ApproximatePrefixIndex implements PrefixMatcher {
    private static final int EXPIRED_PER_CALL_MAX = 4_096;
    private static final int EVENT_BLOCKS_MAX = 256;

    private final PrefixIndex index;
    private final Retention retention;
    private final LongSupplier nanos;
    private final Map<WorkerId, RecentBlocks> blocks = new HashMap<>(); // guarded by this
    private long sweepNanos; // guarded by this: when old blocks are looked for next

    /// @param index an empty one that nobody else changes
    /// @param nanos a clock, such as `System::nanoTime`
    public ApproximatePrefixIndex(PrefixIndex index, Retention retention, LongSupplier nanos) {
        this.index = index;
        this.retention = retention;
        this.nanos = nanos;
        this.sweepNanos = nanos.getAsLong();
    }

    @Override
    public Overlaps match(TokenBlocks prompt) {
        if (retention instanceof Retention.TimeToLive(var ttl)) {
            expire(ttl.toNanos());
        }
        return index.match(prompt);
    }

    @Override
    public synchronized void routed(WorkerId worker, TokenBlocks prompt) {
        if (prompt.count() == 0) {
            return;
        }
        RecentBlocks held = blocks.computeIfAbsent(worker, _ -> new RecentBlocks());
        int known = index.match(prompt).blocks(worker);
        if (known < prompt.count()) {
            index.apply(worker, stored(prompt, known));
        }
        long now = nanos.getAsLong();
        for (int i = prompt.count() - 1; i >= 0; i--) {
            held.use(prompt.sequenceHash(i), now);
        }
        long excess = held.size() - blocksMax(worker);
        if (excess > 0) {
            drop(worker, held, (int) excess, now);
        }
    }

    @Override
    public synchronized void remove(WorkerId worker) {
        blocks.remove(worker);
        index.remove(worker);
    }

    /// How much is believed.
    public IndexSize size() {
        return index.size();
    }

    private long blocksMax(WorkerId worker) {
        return switch (retention) {
            case Retention.TimeToLive _ -> Retention.BLOCKS_PER_WORKER_MAX;
            case Retention.Capacity(var capacity) ->
                    Math.clamp(capacity.applyAsLong(worker), 1, Retention.BLOCKS_PER_WORKER_MAX);
        };
    }

    private static Stored stored(TokenBlocks prompt, int from) {
        List<StoredBlock> stored = new ArrayList<>(prompt.count() - from);
        for (int i = from; i < prompt.count(); i++) {
            stored.add(
                    new StoredBlock(
                            new SequenceHash(prompt.sequenceHash(i)),
                            new BlockHash(prompt.blockHash(i))));
        }
        return new Stored(
                from == 0
                        ? Optional.empty()
                        : Optional.of(new SequenceHash(prompt.sequenceHash(from - 1))),
                stored);
    }

    /// Drops what is too old. Nothing is looked at before something can be.
    private synchronized void expire(long ttlNanos) {
        long now = nanos.getAsLong();
        if (now - sweepNanos < 0) {
            return;
        }
        sweepNanos = now + ttlNanos;
        int left = EXPIRED_PER_CALL_MAX;
        for (var each : blocks.entrySet()) {
            RecentBlocks held = each.getValue();
            while (held.size() > 0 && left > 0 && now - held.oldestNanos() >= ttlNanos) {
                int batch = Math.min(left, EVENT_BLOCKS_MAX);
                left -= drop(each.getKey(), held, batch, now - ttlNanos);
            }
            if (held.size() > 0 && held.oldestNanos() + ttlNanos - sweepNanos < 0) {
                sweepNanos = held.oldestNanos() + ttlNanos;
            }
        }
        blocks.values().removeIf(it -> it.size() == 0);
    }

    /// Drops the oldest blocks, at most so many and none used later than the limit; returns how
    /// many.
    private int drop(WorkerId worker, RecentBlocks held, int countMax, long limitNanos) {
        var dropped = new ArrayList<SequenceHash>();
        while (dropped.size() < countMax
                && held.size() > 0
                && held.oldestNanos() - limitNanos <= 0) {
            dropped.add(new SequenceHash(held.removeOldest()));
        }
        index.apply(worker, new Removed(dropped));
        return dropped.size();
    }
}
