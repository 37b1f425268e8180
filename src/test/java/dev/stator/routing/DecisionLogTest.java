package dev.stator.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.routing.DecisionRecord.Decided;
import dev.stator.routing.DecisionRecord.Outcome;
import dev.stator.routing.RoutingDecision.NoWorker;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

class DecisionLogTest {
    private static final Outcome OUTCOME =
            new Outcome(16, Optional.of(Duration.ofMillis(3)), "STOP");

    private final DecisionLog log = new DecisionLog(3);

    @Test
    void theNewestComesFirstAndTheOldestGivesWay() {
        for (int i = 0; i < 5; i++) {
            add("request " + i);
        }

        assertThat(log.recent(10))
                .extracting(it -> it.decided().requestId())
                .containsExactly("request 4", "request 3", "request 2");
        assertThat(log.recent(1)).hasSize(1);
    }

    @Test
    void anOutcomeIsAddedToItsDecision() {
        long number = add("one");
        add("two");
        log.complete(number, OUTCOME);

        assertThat(log.about("one").getFirst().outcome()).contains(OUTCOME);
        assertThat(log.about("two").getFirst().outcome()).isEmpty();
    }

    @Test
    void anOutcomeThatComesTooLateIsDropped() {
        long number = add("old");
        add("a");
        add("b");
        add("c");
        log.complete(number, OUTCOME);

        assertThat(log.recent(10)).allMatch(it -> it.outcome().isEmpty());
    }

    @Test
    void aRefusalIsRemembered() {
        add("one");

        assertThat(log.about("one").getFirst().refusal()).contains("NoWorker[]");
        assertThat(log.about("one").getFirst().choice()).isEmpty();
    }

    private long add(String requestId) {
        return log.add(new Decided(requestId, 1, 10, Instant.EPOCH), new NoWorker());
    }
}
