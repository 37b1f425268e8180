package dev.stator.replay.offline.policy;

import dev.stator.replay.offline.worker.Job;

/// Chooses the worker of each request. One thread.
public interface Policy {

    /// Decides about a job that has just arrived and says who follows it.
    Placement place(Job job);

    /// The answer.
    sealed interface Placement {
        record On(int worker) implements Placement {}

        /// Everybody is busy.
        record Rejected() implements Placement {}

        /// There is nobody.
        record Failed() implements Placement {}
    }
}
