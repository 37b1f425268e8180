package dev.stator.engine.simulated;

import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.TokenLogprobs;
import dev.stator.engine.batching.SequenceSlice;
import dev.stator.engine.batching.StepExecutor;
import dev.stator.engine.batching.StepOutput;
import dev.stator.engine.batching.StepPlan;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// Takes the time of a model and produces `SelfVerifyingTokens`.
///
/// Remembers per slot how far the state of a sequence was computed, so that a decode step costs
/// O(1); after a preemption it starts anew.
public final class SimulatedExecutor implements StepExecutor {
    private final TimingModel timing;
    private final TokenRange range;
    private final long totalTokens;
    private final LongConsumer pause;
    private final @Nullable GenerationRequest[] requests; // by slot
    private final int[] positions; // by slot: tokens contained in the state
    private final long[] states; // by slot

    /// @param pause lets so many nanoseconds pass
    public SimulatedExecutor(SimulatedConfig config, LongConsumer pause) {
        int maxSequences = config.batching().maxSequences();
        this.timing = config.timing();
        this.range = config.tokens();
        this.totalTokens = (long) config.blocks() * config.blockSizeTokens();
        this.pause = pause;
        this.requests = new @Nullable GenerationRequest[maxSequences];
        this.positions = new int[maxSequences];
        this.states = new long[maxSequences];
    }

    @Override
    public void execute(StepPlan plan, StepOutput output) {
        long nanos = timing.stepNanos(plan, totalTokens);
        if (nanos > 0) {
            pause.accept(nanos);
        }
        for (int i = 0; i < plan.size(); i++) {
            SequenceSlice slice = plan.slice(i);
            if (slice.samples()) {
                output.put(i, sample(slice));
            }
        }
    }

    private GeneratedToken sample(SequenceSlice slice) {
        long state = state(slice);
        int token = SelfVerifyingTokens.token(state, range);
        return slice.request().topLogprobs().isPresent()
                ? new GeneratedToken(token, Optional.of(logprobs(slice.request(), token)))
                : GeneratedToken.of(token);
    }

    @SuppressWarnings("ReferenceEquality") // an equal request of somebody else is another sequence
    private long state(SequenceSlice slice) {
        GenerationRequest request = slice.request();
        int slot = slice.slot();
        if (requests[slot] != request || positions[slot] > slice.tokenCount()) {
            requests[slot] = request;
            positions[slot] = 0;
            states[slot] =
                    SelfVerifyingTokens.begin(
                            request.sampling().seed(), request.namespace().loraName());
        }
        long state = states[slot];
        int[] tokens = slice.tokens();
        for (int position = positions[slot]; position < slice.tokenCount(); position++) {
            state = SelfVerifyingTokens.append(state, tokens[position]);
        }
        positions[slot] = slice.tokenCount();
        states[slot] = state;
        return state;
    }

    /// The sampled token has probability 1/2, the next ids of the range 1/4, 1/8 and so on.
    private TokenLogprobs logprobs(GenerationRequest request, int token) {
        int wanted = Math.min(request.topLogprobs().orElse(0), range.count());
        List<TokenLogprobs.Candidate> top = new ArrayList<>(wanted);
        for (int i = 0; i < wanted; i++) {
            int id = range.first() + (token - range.first() + i) % range.count();
            top.add(new TokenLogprobs.Candidate(id, logprob(i)));
        }
        return new TokenLogprobs(logprob(0), top);
    }

    private static float logprob(int rank) {
        return (float) (-(rank + 1) * Math.log(2));
    }
}
