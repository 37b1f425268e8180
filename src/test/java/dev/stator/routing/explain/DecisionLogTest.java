package dev.stator.routing.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.routing.RoutingMode;
import dev.stator.routing.explain.DecisionLog.Limits;
import dev.stator.routing.explain.DecisionRecord.Asked;
import dev.stator.routing.explain.DecisionRecord.RefusalReason;
import dev.stator.routing.explain.DecisionRecord.Timing;
import dev.stator.routing.explain.DecisionRecord.Verdict;
import dev.stator.routing.explain.Decisions.Stand;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class DecisionLogTest {
    private static final Verdict REFUSED = new Verdict.Refused(RefusalReason.NO_WORKER, 0, "");
    private static final Verdict CHOSEN =
            new Verdict.Chosen(
                    Decisions.first(RoutingMode.RANDOM, 0, new Stand(1, 3, 0, 0)), 0, false);

    private Instant now = Decisions.AT;
    private final DecisionLog log = log(new Limits(3, 1 << 20, Duration.ofHours(1)));

    @Test
    void theNewestComesFirstAndTheOldestGivesWay() {
        for (int i = 0; i < 5; i++) {
            add(log, "request " + i);
        }

        assertThat(log.recent(10))
                .extracting(it -> it.asked().requestId())
                .containsExactly("request 4", "request 3", "request 2");
        assertThat(log.recent(1)).hasSize(1);
        assertThat(log.about("request 1")).isEmpty();
        log.checkInvariants();
    }

    @Test
    void attemptsOfARequestStayTogetherInTheirOrder() {
        log.add(Decisions.asked("one", 1), REFUSED);
        add(log, "two");
        log.add(Decisions.asked("one", 2), CHOSEN);

        assertThat(log.about("one")).extracting(it -> it.asked().attempt()).containsExactly(1, 2);
        add(log, "three");
        assertThat(log.about("one")).extracting(it -> it.asked().attempt()).containsExactly(2);
    }

    @Test
    void anOutcomeIsAddedToItsDecision() {
        DecisionRecord decided = add(log, "one");
        add(log, "two");
        log.complete(decided, Decisions.outcome(16, 3));

        assertThat(log.about("one").getFirst().outcome()).contains(Decisions.outcome(16, 3));
        assertThat(log.about("two").getFirst().outcome()).isEmpty();
    }

    @Test
    void anOutcomeThatComesTooLateIsDropped() {
        DecisionRecord decided = add(log, "old");
        add(log, "a");
        add(log, "b");
        add(log, "c");
        log.complete(decided, Decisions.outcome(16, 3));

        assertThat(log.recent(10)).hasSize(3).allMatch(it -> it.outcome().isEmpty());
    }

    @Test
    void whatIsTooOldIsForgotten() {
        add(log, "old");
        now = now.plus(Duration.ofMinutes(59));
        add(log, "new");
        now = now.plus(Duration.ofMinutes(2));

        assertThat(log.recent(10)).extracting(it -> it.asked().requestId()).containsExactly("new");
        assertThat(log.about("old")).isEmpty();
        log.checkInvariants();
    }

    @Test
    void theBytesAreBounded() {
        DecisionLog small = log(new Limits(1_000, 10_000, Duration.ofHours(1)));
        for (int i = 0; i < 100; i++) {
            add(small, "request " + i);
        }

        assertThat(small.bytes()).isBetween(8_000L, 10_000L);
        assertThat(small.recent(100)).hasSizeBetween(5, 12);
        small.checkInvariants();
    }

    @Test
    void theNameOfAnAdapterCounts() {
        log.add(Decisions.asked("one", 1), REFUSED);
        long bare = log.bytes();
        log.add(Decisions.askedFor("a".repeat(100), "two"), REFUSED);

        assertThat(log.bytes() - bare).isBetween(bare + 200, bare + 300);
        log.checkInvariants();
    }

    @Test
    void staysConsistentWhateverHappens() {
        var random = new SplittableRandom(7);
        DecisionLog busy = log(new Limits(20, 20_000, Duration.ofMinutes(1)));
        List<DecisionRecord> running = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            running.add(add(busy, "request " + random.nextInt(40)));
            now = now.plusSeconds(random.nextInt(5));
            if (random.nextBoolean()) {
                DecisionRecord any = running.remove(random.nextInt(running.size()));
                busy.complete(any, Decisions.outcome(0, 1));
            }
            busy.checkInvariants();
            assertThat(busy.recent(100)).hasSizeLessThanOrEqualTo(20);
        }
    }

    @Test
    void limitsMustBePositive() {
        assertThatThrownBy(() -> new Limits(0, 1, Duration.ofHours(1)))
                .hasMessageContaining("limits must be positive");
    }

    private DecisionRecord add(DecisionLog to, String id) {
        Asked asked = Decisions.asked(id, 1);
        var timing = new Timing(now, Duration.ZERO, Duration.ZERO);
        return to.add(new Asked(id, asked.target(), 1, asked.prompt(), timing), CHOSEN);
    }

    private DecisionLog log(Limits limits) {
        return new DecisionLog(limits, () -> now);
    }
}
