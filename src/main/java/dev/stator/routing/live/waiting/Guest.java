package dev.stator.routing.live.waiting;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.admission.Applicant;
import dev.stator.routing.admission.Refusal;

/// A request before the door. Equal to itself only.
public interface Guest {

    /// As the queue sees it.
    Applicant applicant(long nowNanos);

    /// Whether it may go to some workers only.
    boolean isPinned();

    boolean mayGoTo(WorkerId worker);

    /// It has waited and goes to a worker. Must not throw.
    void letIn();

    /// It does not.
    void refuse(Refusal refusal);
}
