package dev.stator.routing.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.affinity.SessionTable.Version;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

class SessionTableTest {
    private static final Bond ONE = new Bond(new WorkerId(1), 100);
    private static final Bond TWO = new Bond(new WorkerId(2), 200);
    private static final long TTL = Duration.ofSeconds(10).toNanos();

    private long nanos;

    @Test
    void aSessionBelongsWhereItWasBoundLast() {
        SessionTable table = table(8);
        assertThat(table.find("a")).isEmpty();
        table.bind("a", ONE);
        table.bind("a", TWO);
        assertThat(table.find("a")).contains(TWO);
    }

    @Test
    void aSessionIsForgottenAfterItsTimeWithoutUse() {
        SessionTable table = table(8);
        table.bind("a", ONE);
        nanos += TTL;
        assertThat(table.find("a")).contains(ONE);
        nanos += 1;
        assertThat(table.find("a")).isEmpty();
        assertThat(table.size()).isZero();
    }

    @Test
    void withoutRoomTheLeastRecentlyUsedOneGivesWay() {
        SessionTable table = table(2);
        table.bind("a", ONE);
        table.bind("b", ONE);
        table.bind("a", ONE);
        table.bind("c", ONE);
        assertThat(table.find("a")).isPresent();
        assertThat(table.find("b")).isEmpty();
        assertThat(table.find("c")).isPresent();
    }

    @Test
    void anOlderBindingOfAnotherRouterIsNotBelieved() {
        SessionTable table = table(8);
        table.hear("a", ONE, new Version(5, 1));
        table.hear("a", TWO, new Version(4, 9));
        assertThat(table.find("a")).contains(ONE);
        table.hear("a", TWO, new Version(5, 2));
        assertThat(table.find("a")).contains(TWO);
    }

    @Test
    void anOwnBindingIsLaterThanAllThatWereHeardOf() {
        SessionTable table = table(8);
        List<Long> told = new ArrayList<>();
        table.listen(1, (_, _, sequence) -> told.add(sequence));
        table.hear("b", ONE, new Version(41, 9));
        table.bind("a", TWO);
        assertThat(told).containsExactly(42L);
    }

    @Test
    void anIdThatIsTooLongIsNotBound() {
        SessionTable table = table(8);
        table.bind("a".repeat(257), ONE);
        table.hear("a".repeat(257), ONE, new Version(1, 1));
        assertThat(table.size()).isZero();
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void routersThatHearOfEachOtherAgree(long seed) {
        var random = new SplittableRandom(seed);
        List<SessionTable> tables = List.of(table(64), table(64), table(64));
        List<Runnable> undelivered = new ArrayList<>();
        for (SessionTable table : tables) {
            int self = tables.indexOf(table);
            table.listen(
                    self,
                    (session, bond, sequence) ->
                            tables.stream()
                                    .filter(it -> it != table)
                                    .forEach(
                                            it ->
                                                    undelivered.add(
                                                            () ->
                                                                    it.hear(
                                                                            session,
                                                                            bond,
                                                                            new Version(
                                                                                    sequence,
                                                                                    self)))));
        }
        for (int step = 0; step < 60; step++) {
            if (random.nextBoolean() || undelivered.isEmpty()) {
                var bond = new Bond(new WorkerId(random.nextInt(4)), random.nextInt(1_000));
                tables.get(random.nextInt(3)).bind("s" + random.nextInt(4), bond);
            } else {
                undelivered.remove(random.nextInt(undelivered.size())).run();
            }
        }
        undelivered.forEach(Runnable::run);
        for (int i = 0; i < 4; i++) {
            String session = "s" + i;
            assertThat(tables.stream().map(it -> it.find(session)).distinct()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void agreesWithTheNaiveTable(long seed) {
        var random = new SplittableRandom(seed);
        SessionTable table = table(4);
        var naive = new NaiveTable(4);
        for (int step = 0; step < 100; step++) {
            nanos += random.nextLong(TTL / 4);
            String session = "s" + random.nextInt(8);
            var bond = new Bond(new WorkerId(random.nextInt(4)), random.nextInt(1_000));
            if (random.nextInt(3) > 0) {
                table.bind(session, bond);
                naive.bind(session, bond);
            } else {
                assertThat(table.find(session)).isEqualTo(naive.find(session));
            }
            table.checkInvariants();
        }
    }

    private SessionTable table(int sessionsMax) {
        return new SessionTable(Duration.ofNanos(TTL), sessionsMax, () -> nanos);
    }

    /// Looks at everything each time.
    private final class NaiveTable {
        private final int sessionsMax;
        private final Map<String, Bond> bonds = new HashMap<>();
        private final Map<String, Integer> order = new HashMap<>();
        private final Map<String, Long> used = new HashMap<>();
        private int steps;

        NaiveTable(int sessionsMax) {
            this.sessionsMax = sessionsMax;
        }

        void bind(String session, Bond bond) {
            List.copyOf(bonds.keySet()).forEach(this::find);
            if (!bonds.containsKey(session) && bonds.size() == sessionsMax) {
                forget(bonds.keySet().stream().min(Comparator.comparing(order::get)).orElseThrow());
            }
            bonds.put(session, bond);
            order.put(session, steps++);
            used.put(session, nanos);
        }

        Optional<Bond> find(String session) {
            if (bonds.containsKey(session) && nanos - used.getOrDefault(session, 0L) > TTL) {
                forget(session);
            }
            return Optional.ofNullable(bonds.get(session));
        }

        private void forget(String session) {
            bonds.remove(session);
            order.remove(session);
            used.remove(session);
        }
    }
}
