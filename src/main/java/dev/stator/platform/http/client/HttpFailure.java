package dev.stator.platform.http.client;

import java.util.Objects;

/// Why there is no answer, or no whole one.
public record HttpFailure(Kind kind, String message) {

    static HttpFailure of(Kind kind, Throwable cause) {
        return new HttpFailure(kind, Objects.requireNonNullElse(cause.getMessage(), "" + cause));
    }

    /// The kinds of failure a caller can tell apart.
    public enum Kind {
        /// No connection came about.
        UNREACHABLE,
        /// The connection ended before the answer did.
        LOST,
        /// A deadline passed.
        TIMED_OUT,
        /// What came is not what the protocol says, or more of it than the limits allow.
        MALFORMED,
        /// There are as many connections as there may be.
        TOO_MANY_CONNECTIONS,
        /// The caller cancelled.
        CANCELLED,
        /// The client is closed.
        CLOSED
    }
}
