package dev.stator.runtime.events;

/// How the events of one topic look between processes.
public record EventCodec<E>(EventForm<E> readable, EventForm<E> dynamo) {

    public EventForm<E> form(EventLayout layout) {
        return switch (layout) {
            case READABLE -> readable;
            case DYNAMO -> dynamo;
        };
    }
}
