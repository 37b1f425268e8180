package dev.stator.routing.live.waiting;

import dev.stator.routing.admission.Refusal;

import java.time.Duration;

/// Hears what becomes of requests that had to wait or were not let in. Must not block.
public interface AdmissionListener {

    /// Nobody listens.
    AdmissionListener NONE =
            new AdmissionListener() {
                @Override
                public void letIn(Duration waited) {}

                @Override
                public void refused(Refusal.Reason reason) {}
            };

    /// One that waited goes to a worker.
    void letIn(Duration waited);

    void refused(Refusal.Reason reason);
}
