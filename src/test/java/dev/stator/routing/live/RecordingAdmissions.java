package dev.stator.routing.live;

import dev.stator.routing.admission.Refusal;
import dev.stator.routing.live.waiting.AdmissionListener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Remembers what it hears.
final class RecordingAdmissions implements AdmissionListener {
    final List<Duration> waits = new ArrayList<>();
    final List<Refusal.Reason> refusals = new ArrayList<>();

    @Override
    public void letIn(Duration waited) {
        waits.add(waited);
    }

    @Override
    public void refused(Refusal.Reason reason) {
        refusals.add(reason);
    }
}
