package dev.stator.routing.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.routing.admission.AdmissionOutcome.Held;
import dev.stator.routing.admission.policy.BusyRule;
import dev.stator.routing.admission.policy.PolicyClass;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.PolicyProfile.Bucket;
import dev.stator.routing.admission.policy.PolicyProfile.Cell;
import dev.stator.routing.admission.policy.PolicyProfile.Member;
import dev.stator.routing.admission.policy.QueueLimits;
import dev.stator.routing.admission.policy.QueuePolicy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

class AdmissionQueuePropertyTest {
    private static final int STEPS = 300;

    /// As without any policy file.
    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void withOneClassItAgreesWithTheNaiveQueue(long seed) {
        var random = new SplittableRandom(seed);
        agree(config(PolicyProfile.single(OptionalDouble.of(0), order(random)), random), random);
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void withSeveralClassesItAgreesWithTheNaiveQueue(long seed) {
        var random = new SplittableRandom(seed);
        agree(config(profile(random), random), random);
    }

    private static void agree(AdmissionConfig config, SplittableRandom random) {
        var queue = new AdmissionQueue<String>(config);
        var naive = new NaiveAdmissionQueue(config);
        Map<String, Waiting<String>> places = new HashMap<>();
        List<String> names = new ArrayList<>();
        long now = 0;
        for (int step = 0; step < STEPS; step++) {
            now += random.nextInt(200_000_000);
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    IntPredicate open = open(random);
                    assertThat(name(queue.poll(open, now))).isEqualTo(naive.poll(open, now));
                }
                case 2 -> assertThat(names(queue.expire(now))).isEqualTo(naive.expire(now));
                case 3 -> {
                    if (!names.isEmpty()) {
                        String name = names.get(random.nextInt(names.size()));
                        assertThat(queue.leave(Objects.requireNonNull(places.get(name))))
                                .isEqualTo(naive.leave(name));
                    }
                }
                default -> {
                    String name = "r" + step;
                    Applicant applicant = applicant(random, now);
                    int workers = 1 + random.nextInt(3);
                    AdmissionOutcome<String> outcome = queue.offer(name, applicant, workers, now);
                    Optional<List<String>> displaced = Optional.empty();
                    if (outcome instanceof Held<String>(var place, var gone)) {
                        places.put(name, place);
                        names.add(name);
                        displaced = Optional.of(names(gone));
                    }
                    assertThat(displaced).isEqualTo(naive.offer(name, applicant, workers, now));
                }
            }
            queue.checkInvariants();
            assertThat(queue.size()).isEqualTo(naive.size());
        }
    }

    /// Sometimes a class may not send.
    private static IntPredicate open(SplittableRandom random) {
        int closed = random.nextInt(8);
        return it -> it != closed;
    }

    private static AdmissionConfig config(PolicyProfile profile, SplittableRandom random) {
        return new AdmissionConfig(
                profile,
                1 + random.nextInt(30),
                1 + random.nextInt(20_000),
                Duration.ofMillis(500 + random.nextInt(10_000)),
                1 + random.nextInt(2_000));
    }

    @SuppressWarnings("EnumOrdinal") // any order will do
    private static QueuePolicy order(SplittableRandom random) {
        return QueuePolicy.values()[random.nextInt(3)];
    }

    /// Two families of two buckets, and a class that is asked for by its name.
    private static PolicyProfile profile(SplittableRandom random) {
        List<Member> members = new ArrayList<>();
        for (String family : List.of("f0", "f1")) {
            for (String bucket : List.of("short", "long")) {
                members.add(
                        new Member(
                                policyClass(family + "-" + bucket, random),
                                Optional.of(new Cell(family, bucket))));
            }
        }
        members.add(new Member(policyClass("own", random), Optional.empty()));
        return PolicyProfile.of(
                "f0",
                List.of(new Bucket("short", 0), new Bucket("long", 1 + random.nextInt(600))),
                members);
    }

    private static PolicyClass policyClass(String name, SplittableRandom random) {
        var limits = new QueueLimits(limit(random, 10), limit(random, 5_000), limit(random, 2_000));
        return new PolicyClass(
                        name, order(random), 1 + random.nextInt(1_500), BusyRule.NEVER, limits)
                .within(
                        random.nextInt(3) == 0
                                ? Optional.of(Duration.ofMillis(1 + random.nextInt(20_000)))
                                : Optional.empty());
    }

    private static OptionalLong limit(SplittableRandom random, int max) {
        return random.nextInt(3) == 0 ? OptionalLong.of(random.nextInt(max)) : OptionalLong.empty();
    }

    private static Applicant applicant(SplittableRandom random, long now) {
        int prompt = 1 + random.nextInt(1_000);
        boolean hasDeadline = random.nextInt(3) == 0;
        List<String> asked = List.of("f0", "f1", "own", "f0-long", "nobody knows");
        return new Applicant(
                Optional.of(asked.get(random.nextInt(asked.size()))),
                "t" + random.nextInt(4),
                random.nextInt(3) == 0 ? random.nextInt(3) : 0,
                random.nextInt(-2, 5),
                prompt,
                random.nextInt(prompt + 1),
                hasDeadline
                        ? OptionalLong.of(now + random.nextInt(4_000) * 1_000_000L)
                        : OptionalLong.empty());
    }

    private static Optional<String> name(Optional<Waiting<String>> place) {
        return place.map(Waiting::item);
    }

    private static List<String> names(List<Waiting<String>> places) {
        return places.stream().map(Waiting::item).toList();
    }
}
