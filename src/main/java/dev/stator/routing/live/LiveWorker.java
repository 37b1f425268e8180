package dev.stator.routing.live;

import dev.stator.engine.wire.WorkerCard;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.WorkerId;
import dev.stator.runtime.discovery.Instance;

/// A worker that can be given requests.
///
/// @param generate where it takes them
public record LiveWorker(WorkerId id, WorkerCard card, Instance generate) {

    /// The life of its cache.
    public KvEventSource source() {
        return new KvEventSource(id, card.incarnation());
    }
}
