package dev.stator.routing.live;

import dev.stator.routing.admission.Refusal;
import dev.stator.routing.live.waiting.AdmissionListener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Remembers what it hears.
final class RecordingAdmissions implements AdmissionListener {
    final List<Duration> waits = new ArrayList<>();
    final List<String> classes = new ArrayList<>(); // of those who waited
    final List<Refusal.Reason> refusals = new ArrayList<>();

    @Override
    public void letIn(String policyClass, Duration waited) {
        waits.add(waited);
        classes.add(policyClass);
    }

    @Override
    public void refused(Refusal refusal) {
        refusals.add(refusal.reason());
    }
}
