package dev.stator.runtime.events.nats;

import java.util.concurrent.atomic.LongAdder;

/// What all topics of a plane count together.
final class EventCounters {
    final LongAdder published = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder delivered = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder missed = new LongAdder();

    NatsEventStats stats() {
        return new NatsEventStats(
                published.sum(), dropped.sum(), delivered.sum(), malformed.sum(), missed.sum());
    }
}
