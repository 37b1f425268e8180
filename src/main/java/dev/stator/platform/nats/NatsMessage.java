package dev.stator.platform.nats;

import java.util.Optional;

/// One message. The payload belongs to whoever holds the message and is not changed by anyone.
///
/// @param replyTo the subject on which an answer is awaited
public record NatsMessage(String subject, Optional<String> replyTo, byte[] payload) {

    /// A message that awaits no answer.
    public static NatsMessage of(String subject, byte[] payload) {
        return new NatsMessage(subject, Optional.empty(), payload);
    }
}
