package dev.stator.replay.load.result;

/// How a request ended.
public enum Verdict {
    /// A whole answer.
    COMPLETED,
    /// The server said that it has no room: 429, 503 or 529.
    REJECTED,
    /// No answer, a refusal, or an answer that broke off.
    FAILED,
    /// We left on purpose.
    DISCONNECTED,
    /// The run was stopped before the answer ended.
    UNFINISHED
}
