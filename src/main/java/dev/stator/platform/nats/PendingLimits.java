package dev.stator.platform.nats;

/// What may wait for a slow receiver before messages are dropped.
public record PendingLimits(int messagesMax, long bytesMax) {
    public PendingLimits {
        if (messagesMax < 1 || bytesMax < 1) {
            throw new IllegalArgumentException(
                    "pending limits must be positive: %d messages, %d bytes"
                            .formatted(messagesMax, bytesMax));
        }
    }
}
