package dev.stator.routing.hints;

import dev.stator.kv.cache.WorkerId;

import java.util.OptionalInt;
import java.util.OptionalLong;

/// The only worker a request may go to.
///
/// @param process an unsigned instance id; absent for any
/// @param rank absent for any rank of it
public record WorkerPin(OptionalLong process, OptionalInt rank) {

    /// Whether the request may go there.
    public boolean admits(WorkerId worker) {
        return process.orElse(worker.value()) == worker.value()
                && rank.orElse(worker.rank()) == worker.rank();
    }
}
