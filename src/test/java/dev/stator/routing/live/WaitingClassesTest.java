package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.ManualEngine;
import dev.stator.engine.RecordingSink;
import dev.stator.engine.Requests;
import dev.stator.engine.hints.RequestHints;
import dev.stator.engine.hints.RouterOverrides;
import dev.stator.engine.hints.TaintRules;
import dev.stator.engine.hints.Urgency;
import dev.stator.engine.hints.WorkerPins;
import dev.stator.routing.CostModel;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.admission.ClassUsage;
import dev.stator.routing.admission.Refusal.Reason;
import dev.stator.routing.admission.policy.BusyRule;
import dev.stator.routing.admission.policy.PolicyClass;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.PolicyProfile.Bucket;
import dev.stator.routing.admission.policy.PolicyProfile.Cell;
import dev.stator.routing.admission.policy.PolicyProfile.Member;
import dev.stator.routing.admission.policy.QueueLimits;
import dev.stator.routing.admission.policy.QueuePolicy;
import dev.stator.routing.cost.BlockPrices;
import dev.stator.routing.hints.ConfigOverrides;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// Classes of requests wait each by its own rule.
class WaitingClassesTest {
    private static final OptionalDouble NONE = OptionalDouble.empty();
    private static final BusyRule AT_ONCE = new BusyRule(OptionalLong.of(0), NONE, NONE);
    private static final BusyRule LATER =
            new BusyRule(OptionalLong.empty(), OptionalDouble.of(0.1), NONE); // 51 of 512

    private static final ConfigOverrides NO_CREDIT =
            new ConfigOverrides(
                    OptionalDouble.of(0), NONE, NONE, NONE, Optional.empty(), Optional.empty());
    private static final RouterConfig BLOCKS =
            RouterConfig.DEFAULT.withCostModel(new CostModel.Blocks(BlockPrices.DEFAULT));
    private static final RequestHints WITH_CREDIT =
            hints(
                    "blind",
                    new RouterOverrides(
                            OptionalDouble.of(1),
                            NONE,
                            NONE,
                            NONE,
                            Optional.empty(),
                            Optional.empty()));

    @Test
    void aClassWaitsByItsOwnThresholdAndByNobodyElsesBacklog() {
        try (var fleet = fleet(1, family("batch", AT_ONCE), family("chat", LATER))) {
            send(fleet, "one", "chat", Fleet.prompt(1, 20));
            send(fleet, "two", "batch", Fleet.prompt(100, 20));
            send(fleet, "three", "chat", Fleet.prompt(200, 20));
            send(fleet, "four", "chat", Fleet.prompt(300, 20));
            send(fleet, "five", "chat", Fleet.prompt(400, 20));

            assertThat(running(fleet)).containsExactly("one", "three", "four");
            assertThat(fleet.engine.waitingByClass())
                    .containsExactly(
                            entry("batch", new ClassUsage(1, 20, 0)),
                            entry("chat", new ClassUsage(1, 20, 0)));
            fleet.engines.getFirst().running().getFirst().begin().produce(7);
            fleet.wakeups.run();

            assertThat(running(fleet)).containsExactly("one", "three", "four", "five");
            assertThat(fleet.admissions.classes).containsExactly("chat");
            assertThat(fleet.engine.waitingRequests()).isEqualTo(1);
        }
    }

    @Test
    void aClassWithoutThresholdsNeverWaits() {
        try (var fleet = fleet(1, family("batch", AT_ONCE), family("chat", BusyRule.NEVER))) {
            for (int i = 0; i < 5; i++) {
                send(fleet, "r" + i, "chat", Fleet.prompt(100 * i + 1, 20));
            }

            assertThat(running(fleet)).hasSize(5);
        }
    }

    @Test
    void somethingAlreadyWaitsWhenAPartOfTheWorkersIsBusy() {
        var half = new BusyRule(OptionalLong.of(0), NONE, OptionalDouble.of(0.5));
        try (var fleet = fleet(2, family("batch", half), family("chat", AT_ONCE))) {
            send(fleet, "one", "batch", Fleet.prompt(1, 20));
            send(fleet, "two", "batch", Fleet.prompt(100, 20));
            send(fleet, "three", "chat", Fleet.prompt(200, 20));

            assertThat(running(fleet)).containsExactlyInAnyOrder("one", "three");
        }
    }

    @Test
    void theClassDependsOnWhatIsCachedWhenTheRequestComes() {
        PolicyProfile profile =
                PolicyProfile.of(
                        "chat",
                        List.of(new Bucket("cached", 0), new Bucket("new", 10)),
                        List.of(
                                member("chat-cached", "cached", BusyRule.NEVER),
                                member("chat-new", "new", AT_ONCE)));
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT, config(profile))) {
            send(fleet, "one", "chat", Fleet.prompt(1, 40));
            fleet.engines.getFirst().running().getFirst().begin().produce(7).finish();
            send(fleet, "busy", "chat", Fleet.prompt(500, 40));
            send(fleet, "again", "chat", Fleet.prompt(1, 40));
            send(fleet, "other", "chat", Fleet.prompt(900, 40));

            assertThat(running(fleet)).containsExactly("busy", "again");
            assertThat(fleet.engine.waitingByClass())
                    .containsEntry("chat-new", new ClassUsage(1, 40, 0));
        }
    }

    @Test
    void whoSaysNoTenantIsOneByHisCacheSalt() {
        var profile =
                PolicyProfile.of(
                        "chat", List.of(new Bucket("all", 0)), List.of(family("chat", AT_ONCE)));
        var config = new AdmissionConfig(profile, 9, 999, Duration.ofSeconds(10), 20);
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT, config)) {
            for (String salt : List.of("busy", "greedy", "greedy", "modest")) {
                GenerationRequest request = Fleet.request(salt, Fleet.prompt(1, 20));
                fleet.engine.generate(
                        Requests.inNamespace(request, new CacheNamespace("", salt)),
                        new RecordingSink());
            }
            for (int i = 0; i < 2; i++) {
                fleet.engines.getFirst().running().getLast().begin().produce(7);
                fleet.wakeups.run();
            }

            assertThat(running(fleet)).containsExactly("busy", "greedy", "modest");
        }
    }

    /// One worker holds the prompt; without credit for that, the other one is better once the first
    /// has something to do.
    @Test
    void aClassMayPriceOtherwise() {
        Member chat = family("chat", BusyRule.NEVER);
        Member blind = overriding(family("blind", BusyRule.NEVER), NO_CREDIT);
        PolicyProfile profile =
                PolicyProfile.of("chat", List.of(new Bucket("all", 0)), List.of(chat, blind));
        try (var fleet = new Fleet(2, BLOCKS, config(profile))) {
            send(fleet, "first", "chat", Fleet.prompt(1, 400));
            ManualEngine holder = fleet.busy();
            holder.running().getFirst().begin().produce(7);

            send(fleet, "same", "chat", Fleet.prompt(1, 400));
            assertThat(holder.running()).hasSize(2);
            send(fleet, "own word", WITH_CREDIT, Fleet.prompt(1, 400));
            assertThat(holder.running()).hasSize(3);
            send(fleet, "other", "blind", Fleet.prompt(1, 400));
            assertThat(holder.running()).hasSize(3);
        }
    }

    @Test
    void theClassThatPricesOtherwiseMayDependOnWhatIsCached() {
        Member cached = member("chat-cached", "cached", BusyRule.NEVER);
        Member fresh = overriding(member("chat-new", "new", BusyRule.NEVER), NO_CREDIT);
        PolicyProfile profile =
                PolicyProfile.of(
                        "chat",
                        List.of(new Bucket("cached", 0), new Bucket("new", 100)),
                        List.of(cached, fresh));
        try (var fleet = new Fleet(2, BLOCKS, config(profile))) {
            send(fleet, "first", "chat", Fleet.prompt(1, 400));
            ManualEngine holder = fleet.busy();
            holder.running().getFirst().begin().produce(7);

            send(fleet, "same", "chat", Fleet.prompt(1, 450));
            assertThat(holder.running()).hasSize(2);
            send(fleet, "more", "chat", Fleet.prompt(1, 600));
            assertThat(holder.running()).hasSize(2);
        }
    }

    @Test
    void aFullClassRefusesWithItsNameAndWhatItsLimitComesTo() throws InterruptedException {
        var limits =
                new QueueLimits(OptionalLong.of(1), OptionalLong.empty(), OptionalLong.empty());
        var batch = new PolicyClass("batch", QueuePolicy.FCFS, 1, AT_ONCE, limits);
        var member = new Member(batch, Optional.of(new Cell("batch", "all")));
        try (var fleet = fleet(2, member, family("chat", AT_ONCE))) {
            for (int i = 0; i < 4; i++) {
                send(fleet, "r" + i, "batch", Fleet.prompt(100 * i + 1, 20));
            }
            EngineFailure failure =
                    send(fleet, "late", "batch", Fleet.prompt(900, 20)).awaitFailure();

            assertThat(failure.kind()).isEqualTo(FailureKind.OVERLOADED);
            assertThat(failure.message())
                    .isEqualTo(
                            "as many requests of policy class batch wait as may: at most"
                                    + " 2 requests");
            assertThat(failure.retryAfter()).contains(Duration.ofSeconds(1));
            assertThat(fleet.admissions.refusals).containsExactly(Reason.CLASS_REQUESTS_LIMIT);
        }
    }

    private static RecordingSink send(Fleet fleet, String id, String policyClass, TokenIds prompt) {
        var sink = new RecordingSink();
        fleet.engine.generate(Fleet.request(id, prompt).with(hints(policyClass)), sink);
        return sink;
    }

    private static Member overriding(Member member, ConfigOverrides overrides) {
        return new Member(member.policyClass().with(overrides), member.cell());
    }

    private static void send(Fleet fleet, String id, RequestHints said, TokenIds prompt) {
        fleet.engine.generate(Fleet.request(id, prompt).with(said), new RecordingSink());
    }

    static RequestHints hints(String policyClass) {
        return hints(policyClass, RouterOverrides.NONE);
    }

    private static RequestHints hints(String policyClass, RouterOverrides overrides) {
        return new RequestHints(
                Optional.empty(),
                Optional.empty(),
                new Urgency(0, 0, Optional.of(policyClass)),
                OptionalInt.empty(),
                WorkerPins.NONE,
                TaintRules.NONE,
                overrides,
                Optional.empty(),
                Set.of());
    }

    private static List<String> running(Fleet fleet) {
        return fleet.engines.stream()
                .map(ManualEngine::running)
                .flatMap(List::stream)
                .map(it -> it.request().id())
                .toList();
    }

    private static Fleet fleet(int workers, Member... members) {
        PolicyProfile profile =
                PolicyProfile.of("chat", List.of(new Bucket("all", 0)), List.of(members));
        return new Fleet(workers, RouterConfig.DEFAULT, config(profile));
    }

    private static AdmissionConfig config(PolicyProfile profile) {
        return AdmissionConfig.OFF.withProfile(profile);
    }

    static Member family(String name, BusyRule busy) {
        var policyClass = new PolicyClass(name, QueuePolicy.FCFS, 10, busy, QueueLimits.NONE);
        return new Member(policyClass, Optional.of(new Cell(name, "all")));
    }

    private static Member member(String name, String bucket, BusyRule busy) {
        var policyClass = new PolicyClass(name, QueuePolicy.FCFS, 10, busy, QueueLimits.NONE);
        return new Member(policyClass, Optional.of(new Cell("chat", bucket)));
    }
}
