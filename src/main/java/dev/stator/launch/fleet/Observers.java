package dev.stator.launch.fleet;

import dev.stator.routing.explain.DecisionJournal;
import dev.stator.routing.explain.DecisionListener;
import dev.stator.routing.explain.DecisionLog;
import dev.stator.routing.explain.HitLadder;
import dev.stator.routing.live.waiting.AdmissionListener;

import java.time.InstantSource;
import java.util.function.Function;

/// Who hears of what the routers of a process do.
///
/// @param log of the decisions about all models
/// @param decisions hears of them too
/// @param admissions hears, by the model's name, of requests that waited or were not let in
record Observers(
        DecisionLog log,
        DecisionListener decisions,
        Function<String, AdmissionListener> admissions) {

    /// Nobody but the log.
    static Observers none() {
        return new Observers(newLog(), DecisionListener.NONE, _ -> AdmissionListener.NONE);
    }

    static DecisionLog newLog() {
        return new DecisionLog(DecisionLog.Limits.DEFAULT, InstantSource.system());
    }

    /// Begins the journal of a model.
    DecisionJournal journal(String model) {
        return new DecisionJournal(model, log, new HitLadder(System::nanoTime), decisions);
    }
}
