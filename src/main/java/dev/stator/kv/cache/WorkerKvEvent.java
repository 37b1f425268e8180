package dev.stator.kv.cache;

/// An event as it travels: who says it and where it stands among all the events of its source.
///
/// @param sequence 1 for the first event of the source, one more for each further one
public record WorkerKvEvent(KvEventSource source, long sequence, KvCacheEvent event) {}
