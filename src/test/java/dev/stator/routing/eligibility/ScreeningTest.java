package dev.stator.routing.eligibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.eligibility.Obstacle.NoneAllowed;
import dev.stator.routing.eligibility.Obstacle.NoneOfKind;
import dev.stator.routing.eligibility.Obstacle.NoneWithAdapter;
import dev.stator.routing.eligibility.Obstacle.PinGone;
import dev.stator.routing.eligibility.Obstacle.PinMissing;
import dev.stator.routing.hints.ConfigOverrides;
import dev.stator.routing.hints.RoutingHints;
import dev.stator.routing.hints.TaintRules;
import dev.stator.routing.hints.WorkerPin;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class ScreeningTest {
    private static final List<Some> WORKERS =
            List.of(
                    new Some(new WorkerId(1), Set.of("gpu=h100", "zone=a"), Set.of()),
                    new Some(new WorkerId(2, 0), Set.of("gpu=h100"), Set.of("sql")),
                    new Some(new WorkerId(2, 1), Set.of(), Set.of("sql", "law")));

    private record Some(WorkerId worker, Set<String> taints, Set<String> adapters)
            implements Placeable {}

    @Test
    void everyoneMayServeWhoAsksForNothing() {
        assertThat(Screening.of(WORKERS, RoutingHints.NONE, false).admitted()).isSameAs(WORKERS);
    }

    @Test
    void aPinNamesAProcessARankOrBoth() {
        assertThat(admitted(pin(2, -1))).containsExactly(WORKERS.get(1), WORKERS.get(2));
        assertThat(admitted(pin(-1, 0))).containsExactly(WORKERS.get(0), WORKERS.get(1));
        assertThat(admitted(pin(2, 1))).containsExactly(WORKERS.get(2));
    }

    @Test
    void whatIsAskedForIsNamedWhenNobodyHasIt() {
        assertThat(obstacle(pin(7, 3)))
                .isInstanceOf(PinGone.class)
                .returns(
                        "nvext.backend_instance_id 7, nvext.dp_rank 3: this worker does not serve"
                                + " the model now",
                        Obstacle::message);
        assertThat(obstacle(hints(Optional.empty(), Optional.of(Set.of(9L, -1L)), Set.of())))
                .isInstanceOf(NoneAllowed.class)
                .returns(
                        "allowed_worker_ids [18446744073709551615, 9]: none of them serves the"
                                + " model now",
                        Obstacle::message);
        assertThat(obstacle(hints(Optional.empty(), Optional.empty(), Set.of("gpu=x", "zone=a"))))
                .isInstanceOf(NoneOfKind.class)
                .returns(
                        "nvext.routing_constraints.required_taints [gpu=x, zone=a]: no worker has"
                                + " them all",
                        Obstacle::message);
    }

    @Test
    void thePinnedWorkerOfTheWrongKindIsNotCalledGone() {
        RoutingHints hints = hints(pin(2, 1).pin(), Optional.empty(), Set.of("gpu=h100"));
        assertThat(obstacle(hints)).isEqualTo(new NoneOfKind(Set.of("gpu=h100")));
    }

    @Test
    void anAdapterIsServedByThoseThatHaveItLoaded() {
        assertThat(admitted(RoutingHints.NONE.forAdapter("sql")))
                .containsExactly(WORKERS.get(1), WORKERS.get(2));
        assertThat(admitted(pin(2, 1).forAdapter("law"))).containsExactly(WORKERS.get(2));
        assertThat(admitted(RoutingHints.NONE.forAdapter(""))).isEqualTo(WORKERS);
    }

    @Test
    void anAdapterThatNobodyHasIsAnObstacleOfItsOwn() {
        String reason = "adapter \"art\": no worker that may serve the request has it loaded now";
        assertThat(obstacle(RoutingHints.NONE.forAdapter("art")))
                .isEqualTo(new NoneWithAdapter("art"))
                .returns(reason, Obstacle::message);
        assertThat(obstacle(pin(2, 0).forAdapter("law"))).isEqualTo(new NoneWithAdapter("law"));
        assertThat(obstacle(pin(7, 0).forAdapter("law"))).isInstanceOf(PinGone.class);
    }

    @Test
    void whoMustNameAProcessIsToldSo() {
        assertThat(Screening.of(WORKERS, RoutingHints.NONE, true).obstacle())
                .contains(new PinMissing());
        assertThat(Screening.of(WORKERS, pin(-1, 0), true).obstacle()).contains(new PinMissing());
        assertThat(Screening.of(WORKERS, pin(1, -1), true).admitted())
                .containsExactly(WORKERS.getFirst());
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void admitsWhomEachRuleAdmits(long seed) {
        var random = new SplittableRandom(seed);
        List<Some> workers = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
            workers.add(new Some(new WorkerId(i / 2, i % 2), taints(random), taints(random)));
        }
        RoutingHints hints =
                hints(
                                random.nextBoolean()
                                        ? pin(random.nextInt(4) - 1, random.nextInt(3) - 1).pin()
                                        : Optional.empty(),
                                random.nextBoolean()
                                        ? Optional.of(Set.of((long) random.nextInt(3)))
                                        : Optional.empty(),
                                taints(random))
                        .forAdapter(random.nextBoolean() ? "t" + random.nextInt(3) : "");

        List<Some> expected =
                workers.stream()
                        .filter(it -> hints.pin().map(pin -> pin.admits(it.worker)).orElse(true))
                        .filter(
                                it ->
                                        hints.allowed()
                                                .map(all -> all.contains(it.worker.value()))
                                                .orElse(true))
                        .filter(it -> it.adapters.containsAll(hints.adapter().stream().toList()))
                        .filter(it -> it.taints.containsAll(hints.taints().required()))
                        .toList();
        Screening<Some> screening = Screening.of(workers, hints, false);
        assertThat(screening.admitted()).isEqualTo(expected);
        assertThat(screening.obstacle().isPresent()).isEqualTo(expected.isEmpty());
    }

    private static Set<String> taints(SplittableRandom random) {
        return IntStream.range(0, 3)
                .filter(_ -> random.nextInt(3) == 0)
                .mapToObj(it -> "t" + it)
                .collect(Collectors.toSet());
    }

    private static List<Some> admitted(RoutingHints hints) {
        return Screening.of(WORKERS, hints, false).admitted();
    }

    private static Obstacle obstacle(RoutingHints hints) {
        return Screening.of(WORKERS, hints, false).obstacle().orElseThrow();
    }

    private static RoutingHints pin(long process, int rank) {
        var pin =
                new WorkerPin(
                        process < 0 ? OptionalLong.empty() : OptionalLong.of(process),
                        rank < 0 ? OptionalInt.empty() : OptionalInt.of(rank));
        return hints(Optional.of(pin), Optional.empty(), Set.of());
    }

    private static RoutingHints hints(
            Optional<WorkerPin> pin, Optional<Set<Long>> allowed, Set<String> required) {
        return new RoutingHints(
                OptionalInt.empty(),
                Optional.empty(),
                pin,
                allowed,
                new TaintRules(required, Map.of()),
                ConfigOverrides.NONE);
    }
}
