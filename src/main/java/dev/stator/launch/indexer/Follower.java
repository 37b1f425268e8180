package dev.stator.launch.indexer;

import dev.stator.engine.kvevents.KvListenerStats;
import dev.stator.engine.kvevents.ZmqKvEventListener;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.ApplyResult;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.platform.zmq.ZmqThread;

import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Tells an index what one rank of an engine holds.
///
/// The index knows the rank by a number that no other registration ever has, so that nothing of an
/// earlier life is mixed up with it.
///
/// When the rank stores blocks below some that the index forgot for lack of room, it is asked after
/// a pause for all events it keeps. They are applied to a copy of what is known of the rank, which
/// takes the place of that in the index once it is as new. The copy has no limit but the rank's own
/// cache, so there is one at a time. A rank without a replay endpoint cannot be asked.
final class Follower implements AutoCloseable {
    private final Registration registration;
    private final WorkerId worker;
    private final PackedPrefixIndex index;
    private final Surroundings surroundings;
    private final ZmqKvEventListener listener;
    private boolean isClosed; // guarded by this
    private boolean isRepairDue; // guarded by this
    private long forgottenAtRepair; // guarded by this: by the index, when the rank was asked last
    private Optional<PrefixIndex> copy = Optional.empty(); // guarded by this; while it is asked

    /// What the followers of a process have in common.
    ///
    /// @param thread hears all engines
    /// @param repairs one permit, for who has a copy
    record Surroundings(
            IndexerMetrics metrics, ZmqThread thread, IndexerLimits limits, Semaphore repairs) {
        Surroundings(IndexerMetrics metrics, ZmqThread thread, IndexerLimits limits) {
            this(metrics, thread, limits, new Semaphore(1));
        }
    }

    Follower(
            Registration registration,
            WorkerId worker,
            PackedPrefixIndex index,
            Surroundings surroundings) {
        this.registration = registration;
        this.worker = worker;
        this.index = index;
        this.surroundings = surroundings;
        this.listener =
                ZmqKvEventListener.open(
                        surroundings.thread(), registration.source(), this::onEvent);
    }

    /// What is known of the engine.
    enum Status {
        /// Nothing was heard yet: it is not there, or did nothing.
        PENDING,
        ACTIVE
    }

    Registration registration() {
        return registration;
    }

    /// What the index calls it.
    WorkerId worker() {
        return worker;
    }

    Status status() {
        return listener.stats().batches() > 0 ? Status.ACTIVE : Status.PENDING;
    }

    /// Why the index may know less than the engine holds.
    Optional<String> problem() {
        KvListenerStats stats = listener.stats();
        if (stats.otherBlockSizeTokens() > 0) {
            return Optional.of(
                    "stores blocks of %d tokens, not of %d"
                            .formatted(
                                    stats.otherBlockSizeTokens(), registration.blockSizeTokens()));
        }
        if (stats.malformed() > 0) {
            return Optional.of(stats.malformed() + " messages could not be read");
        }
        return stats.lostBatches() > 0
                ? Optional.of(stats.lostBatches() + " batches were lost")
                : Optional.empty();
    }

    /// Forgets the rank; an event that is on its way changes nothing any more.
    @Override
    public void close() {
        listener.close();
        synchronized (this) {
            isClosed = true;
            dropCopy();
            index.remove(worker);
        }
    }

    private synchronized void onEvent(KvCacheEvent event) {
        if (isClosed) {
            return;
        }
        if (copy.isPresent()) {
            copy.get().apply(worker, event);
            return;
        }
        ApplyResult result = index.apply(worker, event);
        surroundings.metrics().applied(event, result);
        if (!isRepairDue && isForgotten(result)) {
            scheduleRepair();
        }
    }

    /// Whether the parent may be unknown because the index forgot it.
    private boolean isForgotten(ApplyResult result) {
        return result instanceof ApplyResult.UnknownParent
                && index.forgottenBlocks() > forgottenAtRepair;
    }

    private synchronized void scheduleRepair() {
        isRepairDue = true;
        surroundings.thread().after(surroundings.limits().repairPause(), this::repair);
    }

    private synchronized void repair() {
        isRepairDue = false;
        if (isClosed) {
            return;
        }
        if (!surroundings.repairs().tryAcquire()) {
            scheduleRepair();
            return;
        }
        var known = new PackedPrefixIndex();
        copy = Optional.of(known);
        if (!listener.repeat(this::repaired)) {
            dropCopy();
            return;
        }
        surroundings.metrics().repair();
        forgottenAtRepair = index.forgottenBlocks();
        index.dump(worker).forEach(it -> known.apply(worker, it));
    }

    private synchronized void repaired() {
        copy.ifPresent(
                it -> {
                    index.remove(worker);
                    it.dump(worker).forEach(stored -> index.apply(worker, stored));
                });
        dropCopy();
    }

    private synchronized void dropCopy() {
        if (copy.isPresent()) {
            copy = Optional.empty();
            surroundings.repairs().release();
        }
    }
}
