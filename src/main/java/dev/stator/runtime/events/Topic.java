package dev.stator.runtime.events;

/// A subject, the type of its events, which are immutable, and how they look between processes.
public record Topic<E>(Subject subject, Class<E> type, EventCodec<E> codec) {}
