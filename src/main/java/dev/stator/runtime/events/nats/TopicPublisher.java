package dev.stator.runtime.events.nats;

import dev.stator.platform.nats.NatsClient;
import dev.stator.platform.nats.NatsMessage;

import java.util.Optional;

/// Publishes the events of one topic. Thread-safe.
final class TopicPublisher<E> {
    private final NatsClient client;
    private final EventWriter<E> writer;
    private final Optional<DurableStream> stream;
    private final EventCounters counters;
    private long nextSequence; // guarded by this

    TopicPublisher(
            NatsClient client,
            EventWriter<E> writer,
            Optional<DurableStream> stream,
            EventCounters counters) {
        this.client = client;
        this.writer = writer;
        this.stream = stream;
        this.counters = counters;
    }

    /// Takes a number for the event, also when it is dropped, so that subscribers notice.
    void publish(E event) {
        boolean isTaken;
        synchronized (this) {
            long sequence = nextSequence++;
            isTaken = client.publish(() -> message(event, sequence));
        }
        (isTaken ? counters.published : counters.dropped).increment();
    }

    /// Runs on the sending thread.
    private NatsMessage message(E event, long sequence) {
        stream.ifPresent(DurableStream::ensure);
        return writer.write(event, sequence);
    }
}
