package dev.stator.engine.remote.dialect;

/// Reads the events of one answer. Not thread-safe.
public interface AnswerReader {

    /// What one event says. Throws `JsonException`, `JsonFieldException` or `AnswerException` when
    /// it makes no sense; the reader is of no use then.
    AnswerStep read(String data);

    /// What the end of the answer means, orderly or not; has a verdict.
    ///
    /// @param how in words for the caller
    AnswerStep end(String how);
}
