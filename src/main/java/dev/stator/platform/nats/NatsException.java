package dev.stator.platform.nats;

import org.jspecify.annotations.Nullable;

/// The server refused, or did not answer, or cannot be reached.
public final class NatsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /// What stood in the way.
    public enum Reason {
        /// There is no connection, or no room for more; nothing was sent.
        NOT_SENT,
        /// Nobody listens to the subject.
        NO_LISTENER,
        /// The server does not take messages of this size; nothing was sent.
        TOO_LARGE,
        /// The answer did not come in time, or the connection broke before it came.
        NO_ANSWER,
        /// The server did not do what it was asked.
        REFUSED
    }

    NatsException(String message, @Nullable Throwable cause) {
        this(Reason.REFUSED, message, cause);
    }

    NatsException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
