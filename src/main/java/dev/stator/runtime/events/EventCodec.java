package dev.stator.runtime.events;

import dev.stator.platform.codec.JsonLimits;

/// How the events of one topic look between processes.
public record EventCodec<E>(EventForm<E> readable, EventForm<E> dynamo) {

    /// What one event may cost its reader before it is refused, in either layout.
    public static final JsonLimits LIMITS = new JsonLimits(32, 16 << 20, 1 << 20, 64);

    public EventForm<E> form(EventLayout layout) {
        return switch (layout) {
            case READABLE -> readable;
            case DYNAMO -> dynamo;
        };
    }
}
