package dev.stator.runtime.events.nats;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.nats.NatsMessage;
import dev.stator.platform.nats.NatsReceiver;
import dev.stator.runtime.events.EventCodec;
import dev.stator.runtime.events.EventEnvelope;
import dev.stator.runtime.events.EventLayout;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Topic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the messages of one topic, whatever their layout, for one subscriber. Used by the
/// subscription's thread only.
final class TopicSubscriber<E> implements NatsReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(TopicSubscriber.class);
    private static final int PUBLISHERS_MAX = 4_096;

    private final Topic<E> topic;
    private final EventSubscriber<E> subscriber;
    private final EventCounters counters;
    private final Map<String, EventLayout> layouts = new LinkedHashMap<>();
    private final SequenceWatch sequences = new SequenceWatch(PUBLISHERS_MAX);
    private final LogThrottle complaints;

    TopicSubscriber(
            Topic<E> topic,
            EventSubscriber<E> subscriber,
            EventCounters counters,
            InstantSource clock) {
        this.topic = topic;
        this.subscriber = subscriber;
        this.counters = counters;
        this.complaints = new LogThrottle(clock);
        for (EventLayout layout : EventLayout.values()) {
            topic.codec().form(layout).patterns().forEach(it -> layouts.put(it, layout));
        }
    }

    /// The subjects to listen to, in all layouts.
    List<String> patterns() {
        return List.copyOf(layouts.keySet());
    }

    @Override
    public void onMessage(String pattern, NatsMessage message) {
        read(layouts.getOrDefault(pattern, EventLayout.READABLE), message).ifPresent(this::deliver);
    }

    @Override
    public void onLost(long messages) {
        sequences.forget();
        tellGap(messages);
    }

    private void tellGap(long events) {
        if (events > 0) {
            counters.missed.add(events);
            guarded(() -> subscriber.onGap(events));
        }
    }

    private void deliver(E event) {
        counters.delivered.increment();
        guarded(() -> subscriber.onEvent(event));
    }

    /// The event; empty when the message is none, which is then reported as a gap.
    private Optional<E> read(EventLayout layout, NatsMessage message) {
        try {
            return Optional.of(
                    switch (layout) {
                        case READABLE -> readReadable(message.payload());
                        case DYNAMO -> readDynamo(message.payload());
                    });
        } catch (RuntimeException e) { // whatever a stranger may send
            counters.malformed.increment();
            if (complaints.permits()) {
                LOG.warn(
                        "a message on {} is no event of {}: {}",
                        message.subject(),
                        topic.subject(),
                        e.getMessage());
            }
            onLost(1);
            return Optional.empty();
        }
    }

    private E readReadable(byte[] payload) {
        return topic.codec()
                .readable()
                .read(JsonField.root(Json.parse(payload, EventCodec.LIMITS)));
    }

    private E readDynamo(byte[] payload) {
        EventEnvelope envelope = EventEnvelope.read(payload, EventCodec.LIMITS);
        tellGap(sequences.missing(envelope.publisherId(), envelope.sequence()));
        return topic.codec().dynamo().read(JsonField.root(envelope.payload()));
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("a subscriber of {} failed", topic.subject(), e);
        }
    }
}
