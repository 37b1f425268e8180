package dev.stator.engine;

/// The kinds of failure a caller can tell apart.
public enum FailureKind {
    /// The request cannot be served as it is: too long, or a value out of range.
    INVALID_REQUEST,
    /// A named limit is reached; trying later helps.
    OVERLOADED,
    /// No worker can serve the request now, or the one that did has gone.
    UNAVAILABLE,
    /// A deadline passed.
    TIMED_OUT,
    /// A defect.
    INTERNAL
}
