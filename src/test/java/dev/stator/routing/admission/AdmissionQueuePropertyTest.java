package dev.stator.routing.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.routing.admission.AdmissionOutcome.Held;

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

class AdmissionQueuePropertyTest {
    private static final int STEPS = 300;

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void agreesWithTheNaiveQueue(long seed) {
        var random = new SplittableRandom(seed);
        AdmissionConfig config = config(random);
        var queue = new AdmissionQueue<String>(config);
        var naive = new NaiveAdmissionQueue(config);
        Map<String, Waiting<String>> places = new HashMap<>();
        List<String> names = new ArrayList<>();
        long now = 0;
        for (int step = 0; step < STEPS; step++) {
            now += random.nextInt(200_000_000);
            switch (random.nextInt(8)) {
                case 0, 1 -> assertThat(name(queue.poll(now))).isEqualTo(naive.poll(now));
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
                    AdmissionOutcome<String> outcome = queue.offer(name, applicant, now);
                    Optional<List<String>> displaced = Optional.empty();
                    if (outcome instanceof Held<String>(var place, var gone)) {
                        places.put(name, place);
                        names.add(name);
                        displaced = Optional.of(names(gone));
                    }
                    assertThat(displaced).isEqualTo(naive.offer(name, applicant, now));
                }
            }
            queue.checkInvariants();
            assertThat(queue.size()).isEqualTo(naive.size());
        }
    }

    @SuppressWarnings("EnumOrdinal") // any policy will do
    private static AdmissionConfig config(SplittableRandom random) {
        return new AdmissionConfig(
                OptionalDouble.of(0),
                QueuePolicy.values()[random.nextInt(3)],
                1 + random.nextInt(30),
                1 + random.nextInt(20_000),
                Duration.ofMillis(500 + random.nextInt(10_000)),
                1 + random.nextInt(2_000));
    }

    private static Applicant applicant(SplittableRandom random, long now) {
        int prompt = 1 + random.nextInt(1_000);
        boolean hasDeadline = random.nextInt(3) == 0;
        return new Applicant(
                "t" + random.nextInt(4),
                random.nextInt(3) == 0 ? random.nextInt(3) : 0,
                random.nextInt(-2, 5),
                prompt,
                1 + random.nextInt(prompt),
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
