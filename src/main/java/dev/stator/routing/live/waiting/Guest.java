package dev.stator.routing.live.waiting;

import dev.stator.routing.admission.Applicant;
import dev.stator.routing.admission.Refusal;
import dev.stator.routing.eligibility.Placeable;

import java.util.Optional;

/// A request before the door. Equal to itself only.
public interface Guest {

    /// The family or class of requests it asks for.
    Optional<String> policyClass();

    /// As the queue sees it.
    Applicant applicant(long nowNanos);

    /// Whether it may go to some workers only.
    boolean isPinned();

    boolean mayGoTo(Placeable worker);

    /// It has waited and goes to a worker. Must not throw.
    void letIn();

    /// It does not.
    void refuse(Refusal refusal);
}
