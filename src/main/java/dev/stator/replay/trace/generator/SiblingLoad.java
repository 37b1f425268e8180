package dev.stator.replay.trace.generator;

import dev.stator.replay.trace.BlockIds;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceRequest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Agents that start several others at once: bursts of siblings that share a prefix which nobody
/// has sent before. Whether they find each other's blocks depends on what the router knows of the
/// last second.
///
/// @param siblings of a burst
/// @param gapSeconds from one sibling to the next, on average
/// @param sharedTokens of each prompt
/// @param ownTokens of each prompt, behind the shared ones
/// @param requestsPerSecond on average; bursts arrive independently
public record SiblingLoad(
        int siblings,
        double gapSeconds,
        int sharedTokens,
        int ownTokens,
        int outputTokens,
        double requestsPerSecond,
        double seconds) {
    private static final int BLOCK_SIZE_TOKENS = 64;

    /// Eight siblings within half a second, at a rate.
    public static SiblingLoad agents(double requestsPerSecond, double seconds) {
        return new SiblingLoad(8, 0.06, 6_400, 640, 100, requestsPerSecond, seconds);
    }

    public SiblingLoad {
        Arrivals.requirePositive(requestsPerSecond, seconds);
    }

    /// The same trace for the same seed.
    public Trace trace(long seed) {
        var random = new SplittableRandom(seed);
        var bursts = new Arrivals(random, requestsPerSecond / siblings);
        List<TraceRequest> requests = new ArrayList<>();
        long burst = 0;
        for (double t = bursts.nextSeconds(); t < seconds; t = bursts.nextSeconds()) {
            var gaps = new Arrivals(random, 1 / gapSeconds);
            for (int sibling = 0; sibling < siblings; sibling++) {
                double delay = sibling == 0 ? 0 : gaps.nextSeconds();
                requests.add(request(t + delay, burst, sibling));
            }
            burst++;
        }
        requests.sort(Comparator.comparingLong(TraceRequest::arrivalNanos));
        String name = "siblings at " + requestsPerSecond + "/s";
        return new Trace(name, BLOCK_SIZE_TOKENS, requests);
    }

    private TraceRequest request(double seconds, long burst, int sibling) {
        int shared = sharedTokens / BLOCK_SIZE_TOKENS;
        int own = ownTokens / BLOCK_SIZE_TOKENS;
        long first = burst * (shared + (long) siblings * own);
        return new TraceRequest(
                Arrivals.nanos(seconds),
                sharedTokens + ownTokens,
                outputTokens,
                new BlockIds.Builder()
                        .add(first, shared)
                        .add(first + shared + (long) sibling * own, own)
                        .build(),
                Optional.empty());
    }
}
