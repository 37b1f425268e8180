package dev.stator.replay.trace.generator;

import dev.stator.replay.trace.BlockIds;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceRequest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Customers of a business that each have a long context of their own, and users who ask questions
/// about it again and again: the workload by which llm-d compares schedulers.
///
/// @param contextTokens that all users of one customer share
/// @param questionTokens of each user's prompt behind it
/// @param requestsPerSecond on average, arriving independently
public record CustomerLoad(
        int customers,
        int usersPerCustomer,
        int contextTokens,
        int questionTokens,
        int outputTokens,
        double requestsPerSecond,
        double seconds) {
    private static final int BLOCK_SIZE_TOKENS = 16;

    /// As published, at a rate.
    public static CustomerLoad published(double requestsPerSecond, double seconds) {
        return new CustomerLoad(150, 5, 6_000, 1_200, 1_000, requestsPerSecond, seconds);
    }

    public CustomerLoad {
        if (!(requestsPerSecond > 0) || !(seconds > 0)) {
            throw new IllegalArgumentException(
                    "rate and seconds must be positive: %s, %s"
                            .formatted(requestsPerSecond, seconds));
        }
    }

    /// The same trace for the same seed.
    public Trace trace(long seed) {
        var random = new SplittableRandom(seed);
        var arrivals = new Arrivals(random, requestsPerSecond);
        List<TraceRequest> requests = new ArrayList<>();
        for (double t = arrivals.nextSeconds(); t < seconds; t = arrivals.nextSeconds()) {
            int customer = random.nextInt(customers);
            int user = random.nextInt(usersPerCustomer);
            requests.add(
                    new TraceRequest(
                            Arrivals.nanos(t),
                            contextTokens + questionTokens,
                            outputTokens,
                            blocks(customer, user),
                            Optional.empty()));
        }
        return new Trace("b2b at " + requestsPerSecond + "/s", BLOCK_SIZE_TOKENS, requests);
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
