package dev.stator.runtime.requests;

/// How an answer ended.
public sealed interface StreamEnd {

    /// The handler said all it had to say.
    record Completed() implements StreamEnd {}

    /// It broke off.
    record Failed(FailureCause cause, String message) implements StreamEnd {}

    /// Where it broke.
    enum FailureCause {
        /// Nobody serves the endpoint there; the request was not begun.
        NO_SUCH_INSTANCE,
        /// The instance takes no more for now; the request was not begun.
        OVERLOADED,
        /// The way to the instance broke; the request may have been begun.
        CONNECTION_LOST,
        /// The handler failed.
        HANDLER_FAILED
    }
}
