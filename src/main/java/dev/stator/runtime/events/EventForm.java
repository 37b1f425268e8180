package dev.stator.runtime.events;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue;

import java.util.List;

/// The events of one topic in one layout. Implementations are immutable and equal when they mean
/// the same.
public interface EventForm<E> {

    /// Where the event is published, in NATS's syntax.
    String subject(E event);

    /// The subjects to listen to, where `*` stands for one token. None overlaps another.
    List<String> patterns();

    /// The event without envelope.
    JsonValue write(E event);

    /// Throws `JsonFieldException` or `IllegalArgumentException` when it is no such event.
    E read(JsonField event);
}
