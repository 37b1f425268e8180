package dev.stator.routing.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.routing.admission.AdmissionOutcome.Held;
import dev.stator.routing.admission.AdmissionOutcome.Refused;
import dev.stator.routing.admission.Refusal.Reason;
import dev.stator.routing.admission.policy.BusyRule;
import dev.stator.routing.admission.policy.PolicyClass;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.PolicyProfile.Bucket;
import dev.stator.routing.admission.policy.PolicyProfile.Cell;
import dev.stator.routing.admission.policy.PolicyProfile.Member;
import dev.stator.routing.admission.policy.QueueLimits;
import dev.stator.routing.admission.policy.QueuePolicy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What a class gets, and what it may keep waiting.
class ClassSharesTest {
    @Test
    void classesAreServedByTheirQuantaWhateverTheyAskFor() {
        AdmissionQueue<String> queue = queue(of("premium", 512), of("regular", 128));
        for (int i = 0; i < 320; i++) {
            offer(queue, "regular", 512);
            offer(queue, "premium", 512);
        }
        Map<String, Integer> served = new HashMap<>();
        for (int i = 0; i < 320; i++) {
            served.merge(
                    queue.poll(ClassSharesTest::anyClass, 0).orElseThrow().item(), 1, Integer::sum);
            queue.checkInvariants();
        }

        assertThat(served).containsEntry("premium", 256).containsEntry("regular", 64);
    }

    @Test
    void tokensAreSharedAndNotRequests() {
        AdmissionQueue<String> queue = queue(of("short", 100), of("long", 100));
        for (int i = 0; i < 1_000; i++) {
            offer(queue, "short", 10);
        }
        for (int i = 0; i < 100; i++) {
            offer(queue, "long", 1_000);
        }
        Map<String, Integer> tokens = new HashMap<>();
        for (int i = 0; i < 909; i++) {
            Waiting<String> next = queue.poll(ClassSharesTest::anyClass, 0).orElseThrow();
            tokens.merge(next.item(), (int) next.cost(), Integer::sum);
        }

        assertThat(tokens.getOrDefault("short", 0) - tokens.getOrDefault("long", 0))
                .isBetween(-1_000, 1_000);
    }

    @Test
    void aTurnLastsUntilItsQuantumIsSpentAndTheRestIsKept() {
        AdmissionQueue<String> queue = queue(of("a", 10), of("b", 10));
        for (int i = 0; i < 6; i++) {
            offer(queue, "a", 3);
            offer(queue, "b", 3);
        }

        assertThat(order(queue, 12)).isEqualTo("aaabbbaaabbb"); // 10 - 9 = 1, 11 - 9 = 2
    }

    @Test
    void aRequestThatIsLargerThanManyQuantaGoesInItsTurn() {
        AdmissionQueue<String> queue = queue(of("a", 1), of("b", 2));
        offer(queue, "a", 1_000);
        for (int i = 0; i < 5; i++) {
            offer(queue, "b", 500);
        }

        assertThat(order(queue, 6)).isEqualTo("bbbabb");
    }

    @Test
    void aClassThatMayNotSendEarnsNothingAndHoldsNobodyUp() {
        AdmissionQueue<String> queue = queue(of("a", 10), of("b", 10));
        for (int i = 0; i < 8; i++) {
            offer(queue, "a", 10);
            offer(queue, "b", 10);
        }
        for (int i = 0; i < 4; i++) {
            assertThat(queue.poll(it -> it == 1, 0).orElseThrow().item()).isEqualTo("b");
        }

        assertThat(queue.poll(_ -> false, 0)).isEmpty();
        assertThat(order(queue, 8)).matches("(ab){4}|(ba){4}");
    }

    @Test
    void aTierIsAbsoluteWithinItsClassOnly() {
        AdmissionQueue<String> queue = queue(of("a", 10), of("b", 10));
        queue.offer("a-low", applicant("a", 0, 10, 10), 1, 0);
        queue.offer("b-low", applicant("b", 0, 10, 10), 1, 0);
        queue.offer("b-high", applicant("b", 7, 10, 10), 1, 0);

        assertThat(queue.poll(ClassSharesTest::anyClass, 0).orElseThrow().item())
                .isEqualTo("a-low");
        assertThat(queue.poll(ClassSharesTest::anyClass, 0).orElseThrow().item())
                .isEqualTo("b-high");
    }

    @Test
    void theLimitsOfAClassGrowWithTheWorkers() {
        AdmissionQueue<String> queue = queue(limited("a", OptionalLong.of(1)), of("b", 10));
        assertThat(offer(queue, "a", 10, 2)).isInstanceOf(Held.class);
        assertThat(offer(queue, "a", 10, 2)).isInstanceOf(Held.class);

        Refusal refusal = refusal(offer(queue, "a", 10, 2));
        assertThat(refusal.reason()).isEqualTo(Reason.CLASS_REQUESTS_LIMIT);
        assertThat(refusal.policyClass()).isEqualTo("a");
        assertThat(refusal.limit()).hasValue(2);
        assertThat(offer(queue, "b", 10, 2)).isInstanceOf(Held.class);
        assertThat(offer(queue, "a", 10, 3)).isInstanceOf(Held.class);
    }

    @Test
    void whatReachesALimitOfTokensIsTakenAndWhatComesThenIsNot() {
        var limits =
                new QueueLimits(OptionalLong.empty(), OptionalLong.of(100), OptionalLong.of(50));
        AdmissionQueue<String> queue =
                queue(new PolicyClass("a", QueuePolicy.FCFS, 10, BusyRule.NEVER, limits));
        queue.offer("a", applicant("a", 0, 99, 99), 1, 0);
        queue.offer("a", applicant("a", 0, 500, 450), 1, 0);

        assertThat(queue.usage(0)).isEqualTo(new ClassUsage(2, 599, 50));
        assertThat(refusal(queue.offer("a", applicant("a", 0, 1, 1), 1, 0)).reason())
                .isEqualTo(Reason.CLASS_TOKENS_LIMIT);
        queue.poll(ClassSharesTest::anyClass, 0);
        queue.poll(ClassSharesTest::anyClass, 0);
        queue.offer("a", applicant("a", 0, 60, 10), 1, 0);
        Refusal refusal = refusal(queue.offer("a", applicant("a", 0, 1, 1), 1, 0));
        assertThat(refusal.reason()).isEqualTo(Reason.CLASS_CACHED_TOKENS_LIMIT);
        assertThat(refusal.limit()).hasValue(50);
    }

    @Test
    void aFullClassMakesRoomForItsTenantsWithLess() {
        AdmissionQueue<String> queue = queue(limited("a", OptionalLong.of(3)));
        for (int i = 0; i < 3; i++) {
            queue.offer("loud" + i, tenant("loud"), 1, 0);
        }
        var held = (Held<String>) queue.offer("quiet", tenant("quiet"), 1, 0);

        assertThat(held.displaced()).extracting(Waiting::item).containsExactly("loud2");
        assertThat(queue.displacement(held.displaced().getFirst(), 0).policyClass()).isEqualTo("a");
    }

    @Test
    void aFullQueueMakesRoomForTheClassWithLessForItsShare() {
        AdmissionQueue<String> queue = queue(8, of("a", 30), of("b", 10));
        for (int i = 0; i < 5; i++) {
            offer(queue, "a", 10);
        }
        for (int i = 0; i < 3; i++) {
            offer(queue, "b", 10); // eight requests, the queue is full
        }

        // b has 30 for a share of 10, a has 50 for a share of 30
        assertThat(((Held<String>) offer(queue, "a", 10)).displaced())
                .extracting(Waiting::item)
                .containsExactly("b");
        assertThat(refusal(offer(queue, "b", 10)).reason()).isEqualTo(Reason.REQUESTS_LIMIT);
    }

    private static String order(AdmissionQueue<String> queue, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(queue.poll(ClassSharesTest::anyClass, 0).orElseThrow().item());
            queue.checkInvariants();
        }
        return String.join("", names);
    }

    private static AdmissionOutcome<String> offer(
            AdmissionQueue<String> queue, String name, int tokens) {
        return offer(queue, name, tokens, 1);
    }

    private static AdmissionOutcome<String> offer(
            AdmissionQueue<String> queue, String name, int tokens, int workers) {
        return queue.offer(name, applicant(name, 0, tokens, tokens), workers, 0);
    }

    private static Refusal refusal(AdmissionOutcome<String> outcome) {
        return ((Refused<String>) outcome).refusal();
    }

    private static Applicant applicant(String asked, long tier, int prompt, long uncached) {
        return new Applicant(
                Optional.of(asked), "", tier, 0, prompt, uncached, OptionalLong.empty());
    }

    private static Applicant tenant(String tenant) {
        return new Applicant(Optional.empty(), tenant, 0, 0, 10, 10, OptionalLong.empty());
    }

    private static PolicyClass of(String name, long quantum) {
        return new PolicyClass(name, QueuePolicy.FCFS, quantum, BusyRule.NEVER, QueueLimits.NONE);
    }

    private static PolicyClass limited(String name, OptionalLong requests) {
        var limits = new QueueLimits(requests, OptionalLong.empty(), OptionalLong.empty());
        return new PolicyClass(name, QueuePolicy.FCFS, 10, BusyRule.NEVER, limits);
    }

    private static AdmissionQueue<String> queue(PolicyClass... classes) {
        return queue(10_000, classes);
    }

    /// Each class is a family of its own.
    private static AdmissionQueue<String> queue(int requestsMax, PolicyClass... classes) {
        List<Member> members = new ArrayList<>();
        for (PolicyClass each : classes) {
            members.add(new Member(each, Optional.of(new Cell(each.name(), "all"))));
        }
        return new AdmissionQueue<>(
                new AdmissionConfig(
                        PolicyProfile.of(classes[0].name(), List.of(new Bucket("all", 0)), members),
                        requestsMax,
                        10_000_000,
                        Duration.ofSeconds(30),
                        1_000));
    }

    private static boolean anyClass(int number) {
        return true;
    }
}
