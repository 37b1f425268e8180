package dev.stator.platform.nats;

import java.time.Duration;
import java.util.List;

/// A log kept by the server of what is published; at its bounds the oldest messages go first.
///
/// @param subjects patterns of what it keeps
/// @param maxAge of a message, zero for no bound
/// @param maxBytes of all messages together, -1 for no bound
public record StreamSpec(String name, List<String> subjects, Duration maxAge, long maxBytes) {
    public StreamSpec {
        subjects = List.copyOf(subjects);
    }
}
