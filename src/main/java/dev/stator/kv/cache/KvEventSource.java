package dev.stator.kv.cache;

/// One life of one worker's cache, the source of a numbered sequence of events.
///
/// @param incarnation differs between two processes, or two caches, under the same worker id
public record KvEventSource(WorkerId worker, long incarnation) {

    @Override
    public String toString() {
        return worker + "#" + Long.toHexString(incarnation);
    }
}
