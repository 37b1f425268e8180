package dev.stator.replay.offline;

/// Follows a replay from run to run and may end it early. Called by the replay's thread.
@FunctionalInterface
public interface ReplayWatch {
    ReplayWatch NONE = (_, _, _) -> true;

    /// Called now and then.
    ///
    /// @param run what is being played, in words
    /// @param arrived requests of this run so far
    /// @return whether to go on
    boolean goesOn(String run, int arrived, int requests);
}
