package dev.stator.runtime.requests;

/// The caller's handle on one running answer. Thread-safe; every method returns at once.
public interface RemoteStream extends AutoCloseable {

    /// Asks for no further items for now; a few may still arrive.
    void pause();

    /// Lets a paused answer go on.
    void resume();

    /// Cancels. The receiver still gets its one `onEnd`. Idempotent, without effect after the end.
    @Override
    void close();
}
