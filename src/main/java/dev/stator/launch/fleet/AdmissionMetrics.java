package dev.stator.launch.fleet;

import dev.stator.platform.metrics.Counter;
import dev.stator.platform.metrics.Histogram;
import dev.stator.platform.metrics.Labelled;
import dev.stator.platform.metrics.Metrics;
import dev.stator.routing.admission.Refusal;
import dev.stator.routing.live.waiting.AdmissionListener;

import java.time.Duration;

/// Counts who waited how long and who was not let in.
final class AdmissionMetrics {
    private static final double[] WAIT_SECONDS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
    };
    private static final String MODEL = "model";
    private static final String POLICY_CLASS = "policy_class";
    private static final double NANOS_PER_SECOND = 1e9;

    private final Labelled<Histogram> waits;
    private final Labelled<Counter> refusals;

    AdmissionMetrics(Metrics metrics) {
        waits =
                metrics.histogram(
                        "router_queue_wait_seconds",
                        "How long requests waited that were let in",
                        WAIT_SECONDS,
                        MODEL,
                        POLICY_CLASS);
        refusals =
                metrics.counter(
                        "router_queue_backpressure_total",
                        "Requests that the router queue refused",
                        MODEL,
                        POLICY_CLASS,
                        "reason");
    }

    AdmissionListener of(String model) {
        return new AdmissionListener() {
            @Override
            public void letIn(String policyClass, Duration waited) {
                waits.with(model, policyClass).observe(waited.toNanos() / NANOS_PER_SECOND);
            }

            @Override
            public void refused(Refusal refusal) {
                refusals.with(model, refusal.policyClass(), refusal.reason().label()).increment();
            }
        };
    }
}
