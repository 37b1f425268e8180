package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.admission.ClassUsage;
import dev.stator.routing.admission.policy.BusyRule;
import dev.stator.routing.admission.policy.PolicyClass;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.PolicyProfile.Bucket;
import dev.stator.routing.admission.policy.PolicyProfile.Cell;
import dev.stator.routing.admission.policy.PolicyProfile.Member;
import dev.stator.routing.admission.policy.QueueLimits;
import dev.stator.routing.admission.policy.QueuePolicy;
import dev.stator.routing.wire.RouterAnswer.Loads;
import dev.stator.routing.wire.RouterAnswer.Refused;
import dev.stator.routing.wire.RouterAnswer.Selected;
import dev.stator.routing.wire.RouterQuestion.MarkFree;
import dev.stator.routing.wire.RouterQuestion.MarkPrefill;
import dev.stator.routing.wire.RouterQuestion.New;
import dev.stator.routing.wire.RouterQuestion.PotentialLoads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Who asks a router for a worker waits for one. There is one worker, which is busy as soon as it
/// has anything to compute. Of `batch` one may wait.
class RouterServiceQueueTest {
    private static final PolicyProfile PROFILE =
            PolicyProfile.of(
                    "chat",
                    List.of(new Bucket("any", 0)),
                    List.of(
                            family("chat", QueueLimits.NONE),
                            family(
                                    "batch",
                                    new QueueLimits(
                                            OptionalLong.of(1),
                                            OptionalLong.empty(),
                                            OptionalLong.empty()))));

    private final Fleet fleet =
            new Fleet(
                    1,
                    RouterConfig.DEFAULT,
                    new AdmissionConfig(PROFILE, 100, 10_000, Duration.ofSeconds(10), 20));
    private final RouterService service =
            new RouterService(_ -> Optional.of(fleet.engine), fleet.nanos::get);

    @AfterEach
    void close() {
        service.close();
        fleet.close();
    }

    @Test
    void itComesWhenThePromptBeforeIsComputed() {
        assertThat(ask("one", Map.of()).only()).isInstanceOf(Selected.class);
        Answers second = ask("two", Map.of());
        fleet.wakeups.run();
        assertThat(second.hasCome()).isFalse();
        assertThat(fleet.engine.waitingRequests()).isOne();

        Answers.to(service, new MarkPrefill("one"));
        fleet.wakeups.run();
        assertThat(second.only()).isEqualTo(new Selected(new WorkerId(1), 0));
    }

    @Test
    void itComesWhenTheRequestBeforeHasEnded() {
        ask("one", Map.of());
        Answers second = ask("two", Map.of());

        Answers.to(service, new MarkFree("one"));
        fleet.wakeups.run();
        assertThat(second.hasCome()).isTrue();
    }

    @Test
    void whatIsSaidBesideTheQuestionDecidesOnItsClassAndItsTurn() {
        ask("busy", Map.of());
        var waiting = new LinkedHashMap<String, Answers>();
        waiting.put("c1", ask("c1", Map.of("tenant-id", "greedy")));
        waiting.put("c2", ask("c2", Map.of("tenant-id", "greedy")));
        waiting.put("c3", ask("c3", Map.of("tenant-id", "modest")));
        waiting.put("b1", ask("b1", Map.of("policy-class", "batch")));
        assertThat(fleet.engine.waitingByClass())
                .containsEntry("chat", new ClassUsage(3, 60, 0))
                .containsEntry("batch", new ClassUsage(1, 20, 0));

        assertThat(order("busy", waiting)).containsExactly("c1", "b1", "c3", "c2");
    }

    @Test
    void aClassThatIsFullRefusesByItsName() {
        ask("busy", Map.of());
        ask("b1", Map.of("policy-class", "batch"));

        assertThat(ask("b2", Map.of("policy-class", "batch")).only())
                .isInstanceOfSatisfying(
                        Refused.class,
                        it -> assertThat(it.message()).contains("policy class batch", "at most 1"));
    }

    @Test
    void whatWaitsIsToldWithTheLoads() {
        ask("busy", Map.of());
        ask("two", Map.of());
        ask("three", Map.of());

        Answers loads = Answers.to(service, new PotentialLoads("q", "", Fleet.prompt(1, 20)));
        assertThat(loads.only())
                .isInstanceOfSatisfying(
                        Loads.class,
                        it -> {
                            assertThat(it.waitingRequests()).isEqualTo(2);
                            assertThat(it.waitingTokens()).isEqualTo(40);
                        });
    }

    @Test
    void whoLeavesWaitsNoMore() {
        ask("busy", Map.of());
        Answers second = ask("two", Map.of());
        second.leave();
        second.leave();

        assertThat(fleet.engine.waitingRequests()).isZero();
        assertThat(second.items).isEmpty();
        assertThat(second.ends).hasSize(1);
        free("busy");
        assertThat(fleet.router.active().loads()).isEmpty();
    }

    private Answers ask(String id, Map<String, String> metadata) {
        int first = 100 * (id.hashCode() & 0xFFFF); // prompts that share nothing
        return Answers.to(service, new New(id, "", Fleet.prompt(first, 20), metadata));
    }

    private void free(String id) {
        Answers.to(service, new MarkFree(id));
        fleet.wakeups.run();
    }

    /// In which they come while each is freed as soon as it has its worker.
    private List<String> order(String busy, Map<String, Answers> waiting) {
        List<String> order = new ArrayList<>();
        free(busy);
        while (order.size() < waiting.size()) {
            String next =
                    waiting.entrySet().stream()
                            .filter(it -> it.getValue().hasCome() && !order.contains(it.getKey()))
                            .findFirst()
                            .orElseThrow()
                            .getKey();
            order.add(next);
            free(next);
        }
        return order;
    }

    private static Member family(String name, QueueLimits limits) {
        var atOnce =
                new BusyRule(OptionalLong.of(0), OptionalDouble.empty(), OptionalDouble.empty());
        var policyClass = new PolicyClass(name, QueuePolicy.FCFS, 20, atOnce, limits);
        return new Member(policyClass, Optional.of(new Cell(name, "any")));
    }
}
