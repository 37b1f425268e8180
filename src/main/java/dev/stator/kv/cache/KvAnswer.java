package dev.stator.kv.cache;

import java.util.List;

/// A worker's answer to a `KvQuery`, the truth about its cache.
public sealed interface KvAnswer {

    /// Which life of the cache answers.
    KvEventSource source();

    /// The events from the wanted one on, without a gap; none when nothing has happened since.
    ///
    /// @param lastSequence the last event there is, 0 when there was none
    record Events(KvEventSource source, List<WorkerKvEvent> events, long lastSequence)
            implements KvAnswer {
        public Events {
            events = List.copyOf(events);
        }
    }

    /// Everything the cache holds, parents first. Given also when the wanted events are no longer
    /// kept, or when another life of the cache was meant.
    ///
    /// @param lastSequence the last event that is contained in it, 0 when there was none
    record TreeDump(KvEventSource source, List<KvCacheEvent.Stored> chains, long lastSequence)
            implements KvAnswer {
        public TreeDump {
            chains = List.copyOf(chains);
        }
    }

    /// The wanted event lies further ahead than the next one.
    ///
    /// @param lastSequence the last event there is, 0 when there was none
    record TooNew(KvEventSource source, long lastSequence) implements KvAnswer {}
}
