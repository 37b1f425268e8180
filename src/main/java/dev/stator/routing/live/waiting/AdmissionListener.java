package dev.stator.routing.live.waiting;

import dev.stator.routing.admission.Refusal;

import java.time.Duration;

/// Hears what becomes of requests that had to wait or were not let in. Must not block.
public interface AdmissionListener {

    /// Nobody listens.
    AdmissionListener NONE =
            new AdmissionListener() {
                @Override
                public void letIn(String policyClass, Duration waited) {}

                @Override
                public void refused(Refusal refusal) {}
            };

    /// One that waited goes to a worker.
    ///
    /// @param policyClass the name of its class
    void letIn(String policyClass, Duration waited);

    void refused(Refusal refusal);
}
