package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.FailureKind;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationEnd.Failed;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.ManualEngine;
import dev.stator.engine.TokenSink;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.admission.policy.BusyRule;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.PolicyProfile.Bucket;
import dev.stator.routing.admission.policy.QueuePolicy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Whatever happens, every request ends once, and nothing is left over.
class WaitingRoomPropertyTest {
    private static final int STEPS = 300;
    private static final int WAITING_MAX = 12;

    private record Sent(Generation generation, List<GenerationEnd> ends) {}

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void everyRequestEndsOnce(long seed) {
        var random = new SplittableRandom(seed);
        var config =
                new AdmissionConfig(
                        random.nextBoolean() ? single(random) : classes(random),
                        WAITING_MAX,
                        500,
                        Duration.ofSeconds(5),
                        50);
        List<Sent> sent = new ArrayList<>();
        try (var fleet = new Fleet(1 + random.nextInt(3), RouterConfig.DEFAULT, config)) {
            for (int step = 0; step < STEPS; step++) {
                act(fleet, sent, random, step);
                assertThat(fleet.engine.waitingRequests()).isLessThanOrEqualTo(WAITING_MAX);
                assertThat(fleet.engine.waitingTokens()).isLessThanOrEqualTo(500);
            }
            finishAll(fleet);
            fleet.wakeups.pass(Duration.ofSeconds(6));
            finishAll(fleet);

            assertThat(sent).allMatch(it -> it.ends.size() == 1);
            assertThat(sent).allMatch(it -> !isOverload(it) || hasRetryAfter(it));
            assertThat(fleet.engine.waitingRequests()).isZero();
            assertThat(fleet.wakeups.pending()).isZero();
            assertThat(fleet.router.active().loads()).isEmpty();
        }
    }

    @SuppressWarnings("EnumOrdinal") // any policy will do
    private static PolicyProfile single(SplittableRandom random) {
        return PolicyProfile.single(
                OptionalDouble.of(random.nextInt(3) * 0.05),
                QueuePolicy.values()[random.nextInt(3)]);
    }

    private static PolicyProfile classes(SplittableRandom random) {
        return PolicyProfile.of(
                "c0",
                List.of(new Bucket("all", 0)),
                IntStream.range(0, 3)
                        .mapToObj(it -> WaitingClassesTest.family("c" + it, rule(random)))
                        .toList());
    }

    private static BusyRule rule(SplittableRandom random) {
        return new BusyRule(
                OptionalLong.of(random.nextInt(100)),
                OptionalDouble.empty(),
                random.nextBoolean() ? OptionalDouble.of(0.5) : OptionalDouble.empty());
    }

    private static void act(Fleet fleet, List<Sent> sent, SplittableRandom random, int step) {
        switch (random.nextInt(10)) {
            case 0 -> fleet.wakeups.pass(Duration.ofMillis(random.nextInt(1_000)));
            case 1, 2 -> fleet.wakeups.run();
            case 3 -> any(fleet, random, it -> it.begin().produce(1));
            case 4 -> any(fleet, random, it -> it.begin().produce(1).finish());
            case 5 -> any(fleet, random, it -> it.begin().fail(FailureKind.UNAVAILABLE));
            case 6 -> {
                if (!sent.isEmpty()) {
                    sent.get(random.nextInt(sent.size())).generation.close();
                }
            }
            default -> {
                String policyClass = "c" + random.nextInt(4);
                sent.add(send(fleet, "r" + step, policyClass, 1 + random.nextInt(100)));
            }
        }
    }

    private static void any(Fleet fleet, SplittableRandom random, Consumer<Run> action) {
        List<ManualEngine.Running> running =
                fleet.engines.stream().flatMap(it -> it.running().stream()).toList();
        if (!running.isEmpty()) {
            action.accept(new Run(running.get(random.nextInt(running.size()))));
        }
    }

    /// Begins a generation that may have begun.
    private record Run(ManualEngine.Running running) {
        ManualEngine.Running begin() {
            return running.hasBegun() ? running : running.begin();
        }
    }

    private static void finishAll(Fleet fleet) {
        for (int round = 0; round <= WAITING_MAX; round++) {
            fleet.engines.forEach(
                    engine ->
                            engine.running()
                                    .forEach(it -> new Run(it).begin().produce(1).finish()));
            fleet.wakeups.run();
        }
    }

    private static Sent send(Fleet fleet, String id, String policyClass, int tokens) {
        List<GenerationEnd> ends = new ArrayList<>();
        var sink =
                new TokenSink() {
                    @Override
                    public void onStart(GenerationStart start) {}

                    @Override
                    public void onToken(GeneratedToken token) {}

                    @Override
                    public void onEnd(GenerationEnd end) {
                        ends.add(end);
                    }
                };
        var request =
                Fleet.request(id, Fleet.prompt(tokens * 7, tokens))
                        .with(WaitingClassesTest.hints(policyClass));
        return new Sent(fleet.engine.generate(request, sink), ends);
    }

    private static boolean isOverload(Sent sent) {
        return sent.ends.getFirst() instanceof Failed(var failure)
                && failure.kind() == FailureKind.OVERLOADED;
    }

    private static boolean hasRetryAfter(Sent sent) {
        return sent.ends.getFirst() instanceof Failed(var failure)
                && failure.retryAfter().isPresent();
    }
}
