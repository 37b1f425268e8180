package dev.stator.routing.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Requests of `chat` wait four seconds at most, those of `batch` as long as any may: a minute.
class ClassDeadlineTest {
    private static final long SECOND = 1_000_000_000;
    private static final PolicyClass CHAT =
            new PolicyClass("chat", QueuePolicy.FCFS, 100, BusyRule.NEVER, QueueLimits.NONE)
                    .within(Optional.of(Duration.ofSeconds(4)));
    private static final PolicyClass BATCH =
            new PolicyClass("batch", QueuePolicy.FCFS, 100, BusyRule.NEVER, QueueLimits.NONE);

    private final AdmissionQueue<String> queue =
            new AdmissionQueue<>(
                    AdmissionConfig.OFF.withProfile(
                            PolicyProfile.of(
                                    "batch",
                                    List.of(new Bucket("any", 0)),
                                    List.of(member(CHAT), member(BATCH)))));

    @Test
    void whoWaitsPastTheDeadlineOfItsClassIsTold() {
        long begin = Long.MAX_VALUE - SECOND; // a clock may wrap
        offer("chat", OptionalLong.empty(), begin);
        offer("batch", OptionalLong.empty(), begin);
        assertThat(queue.expire(begin + 4 * SECOND - 1)).isEmpty();

        List<Waiting<String>> late = queue.expire(begin + 4 * SECOND);
        assertThat(late).extracting(Waiting::item).containsExactly("chat");
        assertThat(queue.expiry(late.getFirst(), begin + 4 * SECOND).reason())
                .isEqualTo(Reason.DEADLINE_PASSED);
    }

    @Test
    void aRequestsOwnDeadlineCountsWhereItComesFirst() {
        offer("chat", OptionalLong.of(SECOND), 0);
        offer("chat", OptionalLong.of(9 * SECOND), 0);

        assertThat(queue.expire(SECOND)).hasSize(1);
        assertThat(queue.expire(4 * SECOND)).hasSize(1);
    }

    @Test
    void whoCannotGoInTimeIsRefusedAtOnce() {
        for (int i = 0; i < 10; i++) {
            offer("batch", OptionalLong.empty(), 0);
        }
        for (int i = 1; i <= 4; i++) {
            queue.poll(_ -> true, 10L * i * SECOND); // 10 tokens a second
        }
        assertThat(offer("chat", OptionalLong.empty(), 40 * SECOND))
                .isInstanceOfSatisfying(
                        Refused.class,
                        it ->
                                assertThat(it.refusal().reason())
                                        .isEqualTo(Reason.DEADLINE_UNREACHABLE));
        assertThat(offer("batch", OptionalLong.empty(), 40 * SECOND)).isInstanceOf(Held.class);
    }

    @Test
    void aDeadlineIsInTheFuture() {
        assertThatThrownBy(() -> CHAT.within(Optional.of(Duration.ZERO)))
                .hasMessage("deadline must be positive: PT0S");
    }

    private AdmissionOutcome<String> offer(String name, OptionalLong deadline, long now) {
        var applicant = new Applicant(Optional.of(name), "", 0, 0, 100, 100, deadline);
        return queue.offer(name, applicant, 1, now);
    }

    private static Member member(PolicyClass policyClass) {
        return new Member(policyClass, Optional.of(new Cell(policyClass.name(), "any")));
    }
}
