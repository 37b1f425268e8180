package dev.stator.replay.trace.generator;

import dev.stator.replay.trace.BlockIds;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceRequest;
import dev.stator.replay.trace.TraceRequest.Turn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Conversations: each begins with one of a few system prompts and grows by what is said.
///
/// Lengths are log-normal, the number of turns geometric, the think time exponential. Turns are
/// recorded as if tokens took `TOKEN_SECONDS`; replayed in a closed loop they wait for the answer.
///
/// @param requestsPerSecond on average
/// @param systemPrompts of which each session has one, the first more often than the others
/// @param turns of a session, on average
/// @param messageTokens that each turn adds, on average
/// @param outputTokens of each answer, on average
/// @param thinkSeconds between an answer and the next turn, on average
public record SessionLoad(
        double requestsPerSecond,
        double seconds,
        int systemPrompts,
        int systemPromptTokens,
        double turns,
        double messageTokens,
        double outputTokens,
        double thinkSeconds) {
    private static final int BLOCK_SIZE_TOKENS = 64;
    private static final double SIGMA = 1;
    private static final double TOKEN_SECONDS = 0.02;

    /// Chat with a middling system prompt, at a rate.
    public static SessionLoad chat(double requestsPerSecond, double seconds) {
        return new SessionLoad(requestsPerSecond, seconds, 10, 2_000, 5, 500, 300, 20);
    }

    public SessionLoad {
        if (!(requestsPerSecond > 0) || !(seconds > 0) || systemPrompts < 1 || !(turns >= 1)) {
            throw new IllegalArgumentException(
                    "rate, seconds, system prompts and turns must be positive: %s, %s, %d, %s"
                            .formatted(requestsPerSecond, seconds, systemPrompts, turns));
        }
    }

    /// The same trace for the same seed.
    public Trace trace(long seed) {
        var random = new SplittableRandom(seed);
        var arrivals = new Arrivals(random, requestsPerSecond / turns);
        List<TraceRequest> requests = new ArrayList<>();
        int number = 0;
        for (double t = arrivals.nextSeconds(); t < seconds; t = arrivals.nextSeconds()) {
            requests.addAll(session(number++, t, random.split()));
        }
        requests.sort(Comparator.comparingLong(TraceRequest::arrivalNanos));
        return new Trace("chat at " + requestsPerSecond + "/s", BLOCK_SIZE_TOKENS, requests);
    }

    private List<TraceRequest> session(int number, double begin, SplittableRandom random) {
        int systemPrompt = (int) (systemPrompts * random.nextDouble() * random.nextDouble());
        List<TraceRequest> requests = new ArrayList<>();
        int context = systemPromptTokens;
        double time = begin;
        double think = 0;
        do {
            int input = context + Arrivals.tokens(random, messageTokens, SIGMA);
            int output = Arrivals.tokens(random, outputTokens, SIGMA);
            var turn =
                    new Turn(
                            "session-" + number,
                            requests.size(),
                            Arrivals.nanos(think),
                            Optional.empty());
            requests.add(
                    new TraceRequest(
                            Arrivals.nanos(time),
                            input,
                            output,
                            blocks(systemPrompt, number, input),
                            Optional.of(turn)));
            context = input + output;
            think = thinkSeconds * random.nextExponential();
            time += output * TOKEN_SECONDS + think;
        } while (random.nextDouble() < 1 - 1 / turns);
        return requests;
    }

    /// Complete blocks: first those of the system prompt, then the session's own.
    private BlockIds blocks(int systemPrompt, int session, int inputTokens) {
        int all = inputTokens / BLOCK_SIZE_TOKENS;
        int shared = Math.min(all, systemPromptTokens / BLOCK_SIZE_TOKENS);
        return new BlockIds.Builder()
                .add((long) systemPrompt << 32, shared)
                .add((systemPrompts + (long) session) << 32, all - shared)
                .build();
    }
}
