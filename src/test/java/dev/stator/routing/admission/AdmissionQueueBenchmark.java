package dev.stator.routing.admission;

import dev.stator.routing.admission.AdmissionOutcome.Held;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.QueuePolicy;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// One request comes with a deadline and one goes, while so many wait.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AdmissionQueueBenchmark {
    private static final long STEP_NANOS = 1_000_000;
    private static final long DEADLINE_NANOS = Duration.ofDays(10_000).toNanos();

    @Param({"100", "4000"})
    public int waiting;

    @Param({"1", "64"})
    public int tenants;

    @Param({"FCFS", "WSPT"})
    public QueuePolicy policy = QueuePolicy.FCFS;

    private final SplittableRandom random = new SplittableRandom(1);
    private AdmissionQueue<Integer> queue = new AdmissionQueue<>(AdmissionConfig.OFF);
    private long now;

    @Setup
    public void fill() {
        queue =
                new AdmissionQueue<>(
                        new AdmissionConfig(
                                PolicyProfile.single(OptionalDouble.of(0), policy),
                                1_000_000,
                                Long.MAX_VALUE / 2,
                                Duration.ofDays(1),
                                4_096));
        while (queue.size() < waiting) {
            come();
        }
    }

    @Benchmark
    public Object comeAndGo() {
        come();
        return queue.poll(_ -> true, now).orElseThrow();
    }

    private void come() {
        now += STEP_NANOS;
        int tokens = 1 + random.nextInt(8_192);
        var applicant =
                new Applicant(
                        Optional.empty(),
                        "tenant-" + random.nextInt(tenants),
                        0,
                        random.nextInt(4),
                        tokens,
                        tokens,
                        OptionalLong.of(now + DEADLINE_NANOS));
        if (!(queue.offer(tokens, applicant, 1, now) instanceof Held<Integer>)) {
            throw new IllegalStateException("refused");
        }
    }
}
