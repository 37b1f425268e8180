package dev.stator.engine.remote;

/// Hears whether a server is of use. Calls come one at a time; they may block.
public interface HealthListener {

    /// It produces tokens.
    void onUp();

    /// It does not.
    ///
    /// @param reason in words for the log
    void onDown(String reason);
}
