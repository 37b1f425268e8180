package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.FailureKind;
import dev.stator.engine.Generation;
import dev.stator.engine.ManualEngine;
import dev.stator.engine.RecordingSink;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingMode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Requests that finish, fail, are cancelled and paused, on workers that come and go: every one
/// ends exactly once, and no booking is left.
class RoutedEnginePropertyTest {
    private static final int STEPS = 150;

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void everyRequestEndsOnceAndNothingStaysBooked(long seed) throws InterruptedException {
        var random = new SplittableRandom(seed);
        RoutingMode mode = oneOf(RoutingMode.values(), random);
        List<RecordingSink> sinks = new ArrayList<>();
        try (var fleet = new Fleet(1 + random.nextInt(3), RouterConfig.DEFAULT.withMode(mode))) {
            List<Generation> generations = new ArrayList<>();
            for (int i = 0; i < STEPS; i++) {
                switch (random.nextInt(12)) {
                    case 0, 1, 2, 3 -> {
                        sinks.add(new RecordingSink());
                        var prompt = Fleet.prompt(random.nextInt(3), 1 + random.nextInt(40));
                        generations.add(
                                fleet.engine.generate(
                                        Fleet.request("request " + i, prompt), sinks.getLast()));
                    }
                    case 4 -> steer(generations, random);
                    case 5 -> replaceAWorker(fleet, random);
                    default -> moveOn(fleet, random);
                }
            }
            for (ManualEngine engine : fleet.engines) {
                List.copyOf(engine.running()).forEach(ManualEngine.Running::finish);
            }
            assertThat(fleet.router.active().loads()).isEmpty();
        }
        for (RecordingSink sink : sinks) {
            sink.awaitEnd();
        }
    }

    private static void steer(List<Generation> generations, SplittableRandom random) {
        if (!generations.isEmpty()) {
            Generation generation = generations.get(random.nextInt(generations.size()));
            switch (random.nextInt(3)) {
                case 0 -> generation.pause();
                case 1 -> generation.resume();
                default -> generation.close();
            }
        }
    }

    private static void replaceAWorker(Fleet fleet, SplittableRandom random) {
        fleet.workers.remove(random.nextInt(fleet.workers.size())).close();
        fleet.addWorker(100 + fleet.engines.size());
    }

    private static void moveOn(Fleet fleet, SplittableRandom random) {
        List<ManualEngine.Running> running =
                fleet.engines.stream().flatMap(it -> it.running().stream()).toList();
        if (running.isEmpty()) {
            return;
        }
        ManualEngine.Running one = running.get(random.nextInt(running.size()));
        if (!one.hasBegun()) {
            switch (random.nextInt(4)) {
                case 0 -> one.fail(FailureKind.OVERLOADED);
                default -> one.begin();
            }
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> one.fail(oneOf(FailureKind.values(), random));
            case 1 -> one.finish();
            default -> one.produce(random.nextInt(100));
        }
    }

    private static <T> T oneOf(T[] values, SplittableRandom random) {
        return values[random.nextInt(values.length)];
    }
}
