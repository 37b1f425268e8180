package dev.stator.launch.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.EngineInfo;
import dev.stator.engine.FailureKind;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationEnd.Failed;
import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.Requests;
import dev.stator.engine.TokenSink;
import dev.stator.engine.batching.BatchingConfig;
import dev.stator.engine.batching.StepListener;
import dev.stator.engine.simulated.SimulatedConfig;
import dev.stator.engine.simulated.SimulatedEngine;
import dev.stator.engine.simulated.TimingModel;
import dev.stator.engine.simulated.TokenRange;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.WorkerId;
import dev.stator.launch.planes.Planes;
import dev.stator.platform.metrics.Metrics;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.QueuePolicy;
import dev.stator.routing.live.RoutedEngine;
import dev.stator.testing.Eventually;
import dev.stator.worker.KvEventPublisher;
import dev.stator.worker.Worker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Five times as many requests as two simulated workers can take.
class OverloadTest {
    private static final WorkerProtocol PROTOCOL = WorkerProtocol.in("test");
    private static final String CLASS = "model=\"m\",policy_class=\"default\"";
    private static final int REQUESTS = 2_000;
    private static final int OVERLOAD = 5;
    private static final int WAITING_MAX = 100;
    private static final int PROMPT_TOKENS = 512;
    private static final int LEAVING_EVERY = 10;

    private final Planes planes = Planes.inProcess();
    private final WakeupThread wakeups = new WakeupThread();
    private final Metrics metrics = Metrics.withPrefix("test");
    private final Semaphore finished = new Semaphore(0);

    @AfterEach
    void closePlanes() {
        wakeups.close();
        planes.close();
    }

    @Test
    void everyRequestHasOneVerdictAndTheQueueStaysWithinItsLimit() throws InterruptedException {
        try (Worker _ = worker(1);
                Worker _ = worker(2);
                ModelFleet fleet = fleet()) {
            List<Heard> heard = overload(fleet.engine());
            Eventually.await().until(() -> heard.stream().allMatch(it -> it.ends.get() > 0));

            assertThat(heard).allMatch(it -> it.ends.get() == 1);
            assertThat(heard.stream().filter(Heard::isServed)).hasSizeGreaterThan(100);
            List<EngineFailure> refusals =
                    heard.stream().map(Heard::refusal).flatMap(Optional::stream).toList();
            assertThat(refusals).hasSizeGreaterThan(100);
            assertThat(refusals).allMatch(it -> it.retryAfter().isPresent());
            assertThat(refusals)
                    .extracting(EngineFailure::kind)
                    .containsAnyOf(FailureKind.OVERLOADED)
                    .isSubsetOf(FailureKind.OVERLOADED, FailureKind.UNAVAILABLE);
            assertThat(fleet.engine().waitingRequests()).isZero();
            Eventually.await().until(() -> fleet.loads().isEmpty());
            assertThat(metrics.text())
                    .contains("test_router_queue_backpressure_total{" + CLASS + ",reason=")
                    .contains("test_router_queue_wait_seconds_count{" + CLASS + "}");
        }
    }

    @Test
    void closingInTheMidstEndsEverything() throws InterruptedException {
        List<Heard> heard;
        try (Worker _ = worker(1)) {
            try (ModelFleet fleet = fleet()) {
                heard = overload(fleet.engine());
            }
            assertThat(heard).allMatch(it -> it.ends.get() <= 1);
            Eventually.await().until(() -> heard.stream().allMatch(it -> it.ends.get() == 1));
        }
    }

    /// Sends five requests for each that is served; some clients leave at once.
    private List<Heard> overload(RoutedEngine engine) throws InterruptedException {
        List<Heard> heard = new ArrayList<>();
        finished.release(OVERLOAD);
        while (heard.size() < REQUESTS) {
            assertThat(finished.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < OVERLOAD; i++) {
                int number = heard.size();
                var sink = new Heard();
                heard.add(sink);
                Generation generation = engine.generate(request(number), sink);
                if (number % LEAVING_EVERY == 0) {
                    generation.close();
                }
                assertThat(engine.waitingRequests()).isLessThanOrEqualTo(WAITING_MAX);
            }
        }
        return heard;
    }

    private static GenerationRequest request(int number) {
        return Requests.request("r" + number, Requests.prompt(PROMPT_TOKENS, number), 2, 0);
    }

    private final class Heard implements TokenSink {
        private final AtomicInteger ends = new AtomicInteger();
        private volatile GenerationEnd end =
                new Failed(EngineFailure.of(FailureKind.INTERNAL, "no end"));
        private volatile boolean hasToken;

        @Override
        public void onStart(GenerationStart start) {}

        @Override
        public void onToken(GeneratedToken token) {
            hasToken = true;
        }

        @Override
        public void onEnd(GenerationEnd how) {
            end = how;
            ends.incrementAndGet();
            if (isServed()) {
                finished.release();
            }
        }

        boolean isServed() {
            return hasToken && end instanceof Finished;
        }

        Optional<EngineFailure> refusal() {
            return end instanceof Failed(var failure) ? Optional.of(failure) : Optional.empty();
        }
    }

    private ModelFleet fleet() {
        var config =
                new AdmissionConfig(
                        PolicyProfile.single(OptionalDouble.of(0), QueuePolicy.FCFS),
                        WAITING_MAX,
                        1_000_000,
                        Duration.ofSeconds(5),
                        4_096);
        var surroundings =
                new RoutedEngine.Surroundings(
                        planes.requests(),
                        new RoutedEngine.Clocks(InstantSource.system(), System::nanoTime),
                        Observers.none().journal("m"),
                        wakeups,
                        new AdmissionMetrics(metrics).of("m"));
        return new ModelFleet(
                planes,
                PROTOCOL,
                new EngineInfo("m", 4_096, 16, 2_000, 8_192, 256),
                new Fleets.Settings(RouterConfig.DEFAULT, config, CacheKnowledge.DEFAULT, false),
                surroundings);
    }

    private Worker worker(long id) {
        var publisher =
                new KvEventPublisher(
                        new KvEventSource(new WorkerId(id), 7),
                        PROTOCOL.kvEvents(),
                        planes.events());
        return Worker.open(
                PROTOCOL,
                SimulatedEngine.open(config("w" + id), publisher, StepListener.NONE),
                List.of(publisher),
                new Worker.Planes(planes.discovery(), planes.requests()),
                Duration.ZERO);
    }

    private static SimulatedConfig config(String name) {
        return new SimulatedConfig(
                name,
                "m",
                4_096,
                2_000,
                16,
                new TimingModel(10, 10),
                new TokenRange(0, 1_000),
                BatchingConfig.DEFAULT);
    }
}
