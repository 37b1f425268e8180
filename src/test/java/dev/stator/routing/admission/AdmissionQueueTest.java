package dev.stator.routing.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.routing.admission.AdmissionOutcome.Held;
import dev.stator.routing.admission.AdmissionOutcome.Refused;
import dev.stator.routing.admission.Refusal.Reason;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.QueuePolicy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

class AdmissionQueueTest {
    private static final long SECOND = 1_000_000_000;

    private final List<String> refused = new ArrayList<>();

    @Test
    void higherTiersGoFirstAndPriorityIsSecondsOfArrival() {
        AdmissionQueue<String> queue = queue(QueuePolicy.FCFS, 10);
        queue.offer("first", of("t", 0, 0, 10), 1, 0);
        queue.offer("negative", of("t", 0, -100, 10), 1, SECOND);
        queue.offer("jumps-two", of("t", 0, 2, 10), 1, 3 * SECOND / 2);
        queue.offer("tier", of("t", 1, 0, 10), 1, 9 * SECOND);

        assertThat(order(queue)).containsExactly("tier", "jumps-two", "first", "negative");
    }

    @Test
    void theShortestForItsWeightGoesFirst() {
        AdmissionQueue<String> queue = queue(QueuePolicy.WSPT, 10);
        queue.offer("long", of("t", 0, 0, 100), 1, 0);
        queue.offer("short", of("t", 0, 0, 10), 1, SECOND);
        queue.offer("long-and-urgent", of("t", 0, 19, 100), 1, SECOND);

        assertThat(order(queue)).containsExactly("long-and-urgent", "short", "long");
    }

    @Test
    void theLastMayGoFirst() {
        AdmissionQueue<String> queue = queue(QueuePolicy.LCFS, 10);
        queue.offer("first", of("t", 0, 0, 10), 1, 0);
        queue.offer("last", of("t", 0, 0, 10), 1, SECOND);

        assertThat(order(queue)).containsExactly("last", "first");
    }

    @Test
    void aFullQueueMakesRoomForTenantsWithLess() {
        AdmissionQueue<String> queue = queue(QueuePolicy.FCFS, 3);
        queue.offer("a1", of("a", 0, 0, 10), 1, 0);
        queue.offer("a2", of("a", 0, 0, 10), 1, 0);
        queue.offer("a3", of("a", 0, 0, 10), 1, 0);

        assertThat(reason(queue.offer("a4", of("a", 0, 0, 10), 1, 0)))
                .isEqualTo(Reason.REQUESTS_LIMIT);
        assertThat(displaced(queue.offer("b1", of("b", 0, 0, 10), 1, 0))).containsExactly("a3");
        assertThat(reason(queue.offer("b2", of("b", 0, 0, 10), 1, 0)))
                .isEqualTo(Reason.REQUESTS_LIMIT);
        assertThat(displaced(queue.offer("c", of("c", 5, 0, 10), 1, 0))).containsExactly("a2");
        assertThat(order(queue)).containsExactly("c", "a1", "b1");
    }

    @Test
    void tokensAreLimitedToo() {
        AdmissionQueue<String> queue = queue(QueuePolicy.FCFS, 10);
        queue.offer("a1", of("a", 0, 0, 600), 1, 0);
        queue.offer("a2", of("a", 0, 0, 300), 1, 0);

        assertThat(reason(queue.offer("big", of("b", 0, 0, 700), 1, 0)))
                .isEqualTo(Reason.TOKENS_LIMIT);
        assertThat(displaced(queue.offer("small", of("b", 0, 0, 200), 1, 0))).containsExactly("a2");
        assertThat(queue.promptTokens()).isEqualTo(800);
    }

    @Test
    void whoWaitsTooLongIsToldWhy() {
        AdmissionQueue<String> queue = queue(QueuePolicy.FCFS, 10);
        long begin = Long.MAX_VALUE - SECOND; // a clock may wrap
        queue.offer("old", of("t", 0, 0, 10), 1, begin);
        var hasty =
                new Applicant(
                        Optional.empty(), "t", 0, 0, 10, 10, OptionalLong.of(begin + 2 * SECOND));
        queue.offer("hasty", hasty, 1, begin);
        assertThat(queue.nextExpiryNanos()).hasValue(begin + 2 * SECOND);
        assertThat(queue.expire(begin + SECOND)).isEmpty();

        assertThat(expired(queue, begin + 2 * SECOND)).containsExactly("hasty DEADLINE_PASSED");
        assertThat(expired(queue, begin + 30 * SECOND)).containsExactly("old WAITED_TOO_LONG");
        assertThat(queue.nextExpiryNanos()).isEmpty();
    }

    @Test
    void aDeadlineThatCannotBeMetIsRefusedAtOnce() {
        AdmissionQueue<String> queue = queue(QueuePolicy.FCFS, 12);
        for (int i = 0; i < 10; i++) {
            queue.offer("r" + i, of("t", 0, 0, 100), 1, 0);
        }
        for (int i = 1; i <= 4; i++) {
            queue.poll(_ -> true, i * SECOND); // 100 tokens a second, 600 are left
        }
        long now = 4 * SECOND;
        assertThat(reason(urgent(queue, now + 4 * SECOND, now)))
                .isEqualTo(Reason.DEADLINE_UNREACHABLE);
        Refusal refusal = ((Refused<String>) urgent(queue, now + 4 * SECOND, now)).refusal();
        assertThat(refusal.retryAfter()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(8));
        assertThat(urgent(queue, now + 9 * SECOND, now)).isInstanceOf(Held.class);
        assertThat(reason(urgent(queue, now, now))).isEqualTo(Reason.DEADLINE_UNREACHABLE);
    }

    @Test
    void withoutAnyExperienceNoDeadlineIsOutOfReach() {
        AdmissionQueue<String> queue = queue(QueuePolicy.FCFS, 10);
        queue.offer("one", of("t", 0, 0, 100), 1, 0);

        assertThat(urgent(queue, 1, 0)).isInstanceOf(Held.class);
        assertThat(queue.retryAfter(0)).isEqualTo(AdmissionQueue.RETRY_MIN);
    }

    @Test
    void retryAfterStaysWithinItsBounds() {
        AdmissionQueue<String> queue = queue(QueuePolicy.FCFS, 10);
        for (int i = 0; i < 4; i++) {
            queue.offer("short" + i, of("t", 0, 0, 1), 1, 0);
        }
        queue.offer("long", of("t", 0, 0, 900), 1, 0);
        for (int i = 0; i < 4; i++) {
            queue.poll(_ -> true, 10 * SECOND);
        }

        assertThat(queue.retryAfter(10 * SECOND)).isEqualTo(AdmissionQueue.RETRY_MAX);
    }

    @Test
    void whoHasLeftIsGone() {
        AdmissionQueue<String> queue = queue(QueuePolicy.FCFS, 10);
        var held = (Held<String>) queue.offer("one", of("t", 0, 0, 10), 1, 0);

        assertThat(queue.leave(held.place())).isTrue();
        assertThat(queue.leave(held.place())).isFalse();
        assertThat(queue.poll(_ -> true, 0)).isEmpty();
        assertThat(queue.expire(Long.MAX_VALUE / 2)).isEmpty();
    }

    @Test
    void limitsAndFlagsAreChecked() {
        assertThatThrownBy(() -> QueuePolicy.parse("edf"))
                .hasMessage("router-queue-policy must be one of fcfs, lcfs, wspt: \"edf\"");
        assertThatThrownBy(() -> PolicyProfile.single(OptionalDouble.of(-1), QueuePolicy.FCFS))
                .hasMessage("router-queue-threshold must be finite, not negative: -1.0");
        assertThatThrownBy(() -> queue(QueuePolicy.FCFS, 0))
                .hasMessage("router-queue-requests-max must be positive: 0");
    }

    private static Applicant of(String tenant, long tier, int priority, int tokens) {
        return new Applicant(
                Optional.empty(), tenant, tier, priority, tokens, tokens, OptionalLong.empty());
    }

    private AdmissionOutcome<String> urgent(AdmissionQueue<String> queue, long deadline, long now) {
        return queue.offer(
                "urgent",
                new Applicant(Optional.empty(), "t", 0, 0, 10, 10, OptionalLong.of(deadline)),
                1,
                now);
    }

    private static Reason reason(AdmissionOutcome<String> outcome) {
        return ((Refused<String>) outcome).refusal().reason();
    }

    private static List<String> displaced(AdmissionOutcome<String> outcome) {
        return ((Held<String>) outcome).displaced().stream().map(Waiting::item).toList();
    }

    private List<String> expired(AdmissionQueue<String> queue, long now) {
        refused.clear();
        queue.expire(now)
                .forEach(it -> refused.add(it.item() + " " + queue.expiry(it, now).reason()));
        return List.copyOf(refused);
    }

    private static List<String> order(AdmissionQueue<String> queue) {
        List<String> names = new ArrayList<>();
        while (queue.size() > 0) {
            queue.poll(_ -> true, 0).map(Waiting::item).ifPresent(names::add);
        }
        return names;
    }

    private static AdmissionQueue<String> queue(QueuePolicy policy, int requestsMax) {
        return new AdmissionQueue<>(
                new AdmissionConfig(
                        PolicyProfile.single(OptionalDouble.of(0), policy),
                        requestsMax,
                        1_000,
                        Duration.ofSeconds(30),
                        100));
    }
}
