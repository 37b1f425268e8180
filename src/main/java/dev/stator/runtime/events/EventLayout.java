package dev.stator.runtime.events;

/// How events look between processes. A publisher uses one layout, a subscriber understands all.
public enum EventLayout {
    /// Subjects and JSON that a person can read, `dynamo.kvcache.{worker_id}.update`.
    READABLE,
    /// Dynamo's subjects, and its MessagePack envelope around the event.
    DYNAMO
}
