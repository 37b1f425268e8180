package dev.stator.platform.nats;

import org.jspecify.annotations.Nullable;

/// The server refused, or did not answer, or cannot be reached.
public final class NatsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NatsException(String message) {
        super(message);
    }

    NatsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
