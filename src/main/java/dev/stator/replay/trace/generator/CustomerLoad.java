package dev.stator.replay.trace.generator;

import dev.stator.replay.trace.BlockIds;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceRequest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Customers of a business that each have a long context of their own, and users who ask questions
/// about it again and again: the workload by which llm-d compares schedulers.
///
/// @param contextTokens that all users of one customer share
/// @param questionTokens of each user's prompt behind it
/// @param stages one after the other, each when the one before has come to its end
public record CustomerLoad(
        int customers,
        int usersPerCustomer,
        int contextTokens,
        int questionTokens,
        int outputTokens,
        List<Stage> stages) {
    private static final int BLOCK_SIZE_TOKENS = 16;

    /// Longer than the queues of any stage.
    private static final double PAUSE_SECONDS = 1_000;

    /// Rates and seconds of the published run (llm-d-kv-cache, `benchmarking/73-capacity`); the
    /// first fills the caches.
    private static final int[][] LADDER = {
        {15, 50}, {3, 20}, {10, 20}, {15, 20}, {20, 38}, {22, 34}, {25, 30}, {30, 25}, {35, 21},
        {40, 38}, {43, 36}, {46, 33}, {49, 30}, {52, 29}, {55, 27}, {57, 26}, {60, 25}
    };

    public CustomerLoad {
        stages = List.copyOf(stages);
    }

    /// As published, at one rate.
    public static CustomerLoad published(double requestsPerSecond, double seconds) {
        return published(List.of(new Stage(requestsPerSecond, seconds)));
    }

    /// As published, from 3 to 60 requests per second.
    public static CustomerLoad ladder() {
        return published(Arrays.stream(LADDER).map(it -> new Stage(it[0], it[1])).toList());
    }

    private static CustomerLoad published(List<Stage> stages) {
        return new CustomerLoad(150, 5, 6_000, 1_200, 1_000, stages);
    }

    /// @param requestsPerSecond on average, arriving independently
    /// @param seconds how long
    public record Stage(double requestsPerSecond, double seconds) {
        public Stage {
            Arrivals.requirePositive(requestsPerSecond, seconds);
        }
    }

    /// The same trace for the same seed.
    public Trace trace(long seed) {
        var random = new SplittableRandom(seed);
        List<TraceRequest> requests = new ArrayList<>();
        double begin = 0;
        for (Stage stage : stages) {
            var arrivals = new Arrivals(random, stage.requestsPerSecond);
            for (double t = arrivals.nextSeconds(); t < stage.seconds; t = arrivals.nextSeconds()) {
                requests.add(request(begin + t, random));
            }
            begin += stage.seconds + PAUSE_SECONDS;
        }
        return new Trace(name(), BLOCK_SIZE_TOKENS, requests);
    }

    private String name() {
        double first = stages.getFirst().requestsPerSecond;
        return stages.size() == 1
                ? "b2b at " + first + "/s"
                : "b2b in " + stages.size() + " stages";
    }

    private TraceRequest request(double seconds, RandomGenerator random) {
        int customer = random.nextInt(customers);
        int user = random.nextInt(usersPerCustomer);
        return new TraceRequest(
                Arrivals.nanos(seconds),
                contextTokens + questionTokens,
                outputTokens,
                blocks(customer, user),
                Optional.empty());
    }

    /// A block that holds the end of the context and the beginning of a question is the user's own.
    private BlockIds blocks(int customer, int user) {
        int all = (contextTokens + questionTokens) / BLOCK_SIZE_TOKENS;
        int shared = contextTokens / BLOCK_SIZE_TOKENS;
        long ofCustomer = (long) customer * (shared + (long) usersPerCustomer * (all - shared));
        long ofUser = ofCustomer + shared + (long) user * (all - shared);
        return new BlockIds.Builder().add(ofCustomer, shared).add(ofUser, all - shared).build();
    }
}
