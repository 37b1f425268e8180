package dev.stator.runtime.events.nats;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.nats.NatsMessage;
import dev.stator.runtime.events.EventEnvelope;
import dev.stator.runtime.events.EventForm;
import dev.stator.runtime.events.EventLayout;
import dev.stator.runtime.events.Topic;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/// Turns the events of one topic into messages of one layout.
record EventWriter<E>(Topic<E> topic, EventLayout layout, long publisherId, InstantSource clock) {

    /// @param sequence of the event, from 0
    NatsMessage write(E event, long sequence) {
        EventForm<E> form = topic.codec().form(layout);
        JsonValue tree = form.write(event);
        byte[] payload =
                switch (layout) {
                    case READABLE -> Json.write(tree).getBytes(StandardCharsets.UTF_8);
                    case DYNAMO -> envelope(tree, sequence).write();
                };
        return NatsMessage.of(form.subject(event), payload);
    }

    private EventEnvelope envelope(JsonValue tree, long sequence) {
        return new EventEnvelope(
                publisherId, sequence, clock.millis(), topic.subject().topic(), tree);
    }
}
