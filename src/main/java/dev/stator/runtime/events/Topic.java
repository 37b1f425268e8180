package dev.stator.runtime.events;

/// A subject and the type of its events, which are immutable.
public record Topic<E>(Subject subject, Class<E> type) {}
