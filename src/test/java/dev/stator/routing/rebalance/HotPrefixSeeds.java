package dev.stator.routing.rebalance;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/// How evenly a hot prefix is spread, over many seeds of the arrivals, beside a balancer that looks
/// at queues alone.
final class HotPrefixSeeds {
    private static final int SEEDS = 50;

    private HotPrefixSeeds() {}

    public static void main(String[] ignored) {
        print("one router", it -> it.run(1, true).balance());
        print("two that share bookings", it -> it.run(2, true).balance());
        print("two that share replications", it -> it.run(2, false).balance());
        print("four that share replications", it -> it.run(4, false).balance());
        print("least queue", HotPrefixLoad::leastQueueBalance);
        print("hit ratio of one router", it -> it.run(1, true).hitRatio());
        print("holders of one router", it -> it.run(1, true).holders());
        print("events of one router", it -> it.run(1, true).heard().size());
    }

    private static void print(String what, ToDoubleFunction<HotPrefixLoad> figure) {
        double[] sorted =
                LongStream.rangeClosed(1, SEEDS)
                        .mapToObj(HotPrefixLoad::new)
                        .mapToDouble(figure)
                        .sorted()
                        .toArray();
        System.out.printf(
                "%-30s mean %.3f, least %.3f, middle %.3f, most %.3f, above 1.2: %d of %d%n",
                what,
                Arrays.stream(sorted).average().orElseThrow(),
                sorted[0],
                sorted[SEEDS / 2],
                sorted[SEEDS - 1],
                Arrays.stream(sorted).filter(it -> it > 1.2).count(),
                SEEDS);
    }
}
