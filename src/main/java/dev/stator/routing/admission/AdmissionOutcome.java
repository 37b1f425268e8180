package dev.stator.routing.admission;

import java.util.List;

/// What the queue does with a request.
///
/// @param <T> what callers keep in the queue
public sealed interface AdmissionOutcome<T> {

    /// It waits.
    ///
    /// @param displaced those that gave way to it and wait no more
    record Held<T>(Waiting<T> place, List<Waiting<T>> displaced) implements AdmissionOutcome<T> {
        public Held {
            displaced = List.copyOf(displaced);
        }
    }

    /// It does not.
    record Refused<T>(Refusal refusal) implements AdmissionOutcome<T> {}
}
