package dev.stator.routing.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.routing.admission.AdmissionOutcome.Held;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.QueuePolicy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/// What a tenant gets does not depend on how much the others ask for.
class TenantFairnessTest {
    private static final int REQUEST_TOKENS_MAX = 2_000;
    private static final long QUANTUM = 1_000;
    private static final int REQUESTS_MAX = 200;
    private static final int TOKENS_PER_SECOND = 10_000;
    private static final long MILLI = 1_000_000;

    /// Both have always something waiting, so both get the same, but for a turn and a request.
    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void tenantsThatWaitAreServedAlike(long seed) {
        var random = new SplittableRandom(seed);
        var queue = new AdmissionQueue<String>(config(10_000));
        Map<String, Long> served = new HashMap<>();
        int tenants = 2 + random.nextInt(6);
        for (int i = 0; i < tenants; i++) {
            int requests = 40 + random.nextInt(400);
            for (int j = 0; j < requests; j++) {
                offer(queue, "t" + i, 1_000 + random.nextInt(1_000), 0);
            }
        }
        for (int i = 0; i < 20 * tenants; i++) {
            Applicant gone = queue.poll(_ -> true, i).orElseThrow().applicant();
            served.merge(gone.tenant(), gone.uncachedTokens(), Long::sum);
            long most = served.values().stream().mapToLong(it -> it).max().orElseThrow();
            long least =
                    served.size() < tenants
                            ? 0
                            : served.values().stream().mapToLong(it -> it).min().orElseThrow();
            assertThat(most - least).isLessThanOrEqualTo(2 * (QUANTUM + REQUEST_TOKENS_MAX));
        }
    }

    /// One asks for ten times what there is; three ask for less than their shares.
    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#ten")
    void aNoisyTenantStarvesNobody(long seed) {
        var random = new SplittableRandom(seed);
        var queue = new AdmissionQueue<String>(config(REQUESTS_MAX));
        List<Duration> waits = new ArrayList<>();
        int noisyRefused = 0;
        long credit = 0;
        for (long millis = 0; millis < 10_000; millis++) {
            long now = millis * MILLI;
            while (random.nextInt(20) < 19) { // 19 requests of 1000 tokens a millisecond or so
                noisyRefused += offer(queue, "noisy", 1 + random.nextInt(2_000), now) ? 0 : 1;
            }
            if (millis % 100 == 0) { // 2000 tokens a second each, where a share is 2500
                for (int i = 0; i < 3; i++) {
                    assertThat(offer(queue, "quiet-" + i, 200, now)).isTrue();
                }
            }
            credit += TOKENS_PER_SECOND / 1_000;
            while (credit > 0) {
                Waiting<String> next = queue.poll(_ -> true, now).orElseThrow();
                credit -= next.cost();
                if (!next.item().equals("noisy")) {
                    waits.add(queue.waited(next, now));
                }
            }
        }
        assertThat(noisyRefused).isPositive();
        assertThat(waits).hasSizeGreaterThan(3 * 90);
        assertThat(waits).allMatch(it -> it.compareTo(Duration.ofMillis(600)) < 0);
    }

    private static boolean offer(
            AdmissionQueue<String> queue, String tenant, int tokens, long now) {
        var applicant =
                new Applicant(Optional.empty(), tenant, 0, 0, tokens, tokens, OptionalLong.empty());
        AdmissionOutcome<String> outcome = queue.offer(tenant, applicant, 1, now);
        if (outcome instanceof Held<String>(_, var displaced)) {
            assertThat(displaced).allMatch(it -> it.item().equals("noisy"));
        }
        return outcome instanceof Held<String>;
    }

    private static AdmissionConfig config(int requestsMax) {
        return new AdmissionConfig(
                PolicyProfile.single(OptionalDouble.of(0), QueuePolicy.FCFS),
                requestsMax,
                Integer.MAX_VALUE,
                Duration.ofMinutes(10),
                QUANTUM);
    }
}
