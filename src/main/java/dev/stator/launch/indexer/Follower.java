package dev.stator.launch.indexer;

import dev.stator.engine.kvevents.KvListenerStats;
import dev.stator.engine.kvevents.ZmqKvEventListener;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.platform.zmq.ZmqThread;

import java.util.Optional;

/// Tells an index what one rank of an engine holds.
///
/// The index knows the rank by a number that no other registration ever has, so that nothing of an
/// earlier life is mixed up with it.
final class Follower implements AutoCloseable {
    private final Registration registration;
    private final WorkerId worker;
    private final PrefixIndex index;
    private final IndexerMetrics metrics;
    private final ZmqKvEventListener listener;
    private boolean isClosed; // guarded by this

    Follower(
            Registration registration,
            WorkerId worker,
            PrefixIndex index,
            IndexerMetrics metrics,
            ZmqThread thread) {
        this.registration = registration;
        this.worker = worker;
        this.index = index;
        this.metrics = metrics;
        this.listener = ZmqKvEventListener.open(thread, registration.source(), this::onEvent);
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
            index.remove(worker);
        }
    }

    private synchronized void onEvent(KvCacheEvent event) {
        if (!isClosed) {
            metrics.applied(event, index.apply(worker, event));
        }
    }
}
