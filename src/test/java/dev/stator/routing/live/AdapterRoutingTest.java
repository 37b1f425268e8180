package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.ManualEngine;
import dev.stator.engine.RecordingSink;
import dev.stator.engine.Requests;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.QueuePolicy;
import dev.stator.routing.explain.DecisionRecord;
import dev.stator.routing.explain.DecisionRecord.Target;
import dev.stator.routing.load.ActiveSequences;
import dev.stator.tokens.CacheNamespace;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Three workers, of which the third has the adapter `sql`. Others would refuse what they have not,
/// so it is the decisions that show who was asked.
class AdapterRoutingTest {
    private static final AdmissionConfig SENSITIVE =
            new AdmissionConfig(
                    PolicyProfile.single(OptionalDouble.of(0), QueuePolicy.FCFS),
                    3,
                    1_000,
                    Duration.ofSeconds(10),
                    100);

    private final Fleet fleet = new Fleet(3, RouterConfig.DEFAULT, SENSITIVE);

    AdapterRoutingTest() {
        fleet.workers.getLast().load("sql");
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void nobodyElseIsCompared() {
        send("one", "sql", 1);

        assertThat(running(2)).hasSize(1);
        assertThat(decisions("one"))
                .singleElement()
                .satisfies(it -> assertThat(it.choice().orElseThrow().compared().count()).isOne());
    }

    @Test
    void itsDecisionSaysWhichAdapterItWasFor() {
        send("one", "sql", 1);
        send("two", "law", 1);
        send("three", "", 1);

        assertThat(decisions("one")).allMatch(it -> it.asked().target().equals(target("sql")));
        assertThat(decisions("two")).allMatch(it -> it.asked().target().equals(target("law")));
        assertThat(decisions("three").getFirst().asked().target().adapter()).isEmpty();
    }

    @Test
    void itsBookingNamesTheAdapter() {
        List<Optional<String>> told = new ArrayList<>();
        fleet.router
                .active()
                .listen(
                        (_, demand, _) -> {
                            told.add(demand.adapter());
                            return ActiveSequences.Follower.NONE;
                        });
        send("one", "sql", 1);
        send("two", "", 100);

        assertThat(told).containsExactly(Optional.of("sql"), Optional.empty());
    }

    @Test
    void anAdapterThatNobodyHasIsRefusedAtOnce() throws InterruptedException {
        EngineFailure failure = send("one", "law", 1).awaitFailure();

        assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failure.message()).contains("adapter \"law\"", "has it loaded");
        assertThat(decisions("one")).hasSize(1);
    }

    @Test
    void whereItFailedItIsNotTriedElsewhere() throws InterruptedException {
        RecordingSink sink = send("one", "sql", 1);
        running(2).getFirst().begin().fail(FailureKind.INTERNAL);

        assertThat(sink.awaitFailure().kind()).isEqualTo(FailureKind.INTERNAL);
        assertThat(fleet.engines).allMatch(it -> it.running().isEmpty());
    }

    /// Like a pinned request: it queues, and must not keep others from their workers.
    @Test
    void whileItsOwnWorkersAreSaturatedItGoesInTurn() {
        send("one", "sql", 1);
        send("two", "sql", 100);
        assertThat(fleet.engine.waitingRequests()).isOne();
        assertThat(running(2)).hasSize(1);

        fleet.wakeups.run();
        assertThat(fleet.engine.waitingRequests()).isZero();
        assertThat(running(2)).hasSize(2);
    }

    private RecordingSink send(String id, String adapter, int first) {
        var sink = new RecordingSink();
        var request = Fleet.request(id, Fleet.prompt(first, 20));
        fleet.engine.generate(Requests.inNamespace(request, new CacheNamespace(adapter, "")), sink);
        return sink;
    }

    private static Target target(String adapter) {
        return new Target("test", Optional.of(adapter));
    }

    private List<ManualEngine.Running> running(int worker) {
        return fleet.engines.get(worker).running();
    }

    private List<DecisionRecord> decisions(String id) {
        return fleet.decisions.about(id);
    }
}
