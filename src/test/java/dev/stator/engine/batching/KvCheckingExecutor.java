package dev.stator.engine.batching;

import dev.stator.engine.GeneratedToken;
import dev.stator.tokens.TokenIds;

/// Keeps a "KV cache" of one number per token position, each computed from the one before it as it
/// stands in the blocks. A block that was lost, overwritten or mixed up changes what is sampled.
final class KvCheckingExecutor implements StepExecutor {
    private final int blockSize;
    private final long[] cells; // [block * blockSize + offset]: state behind that token

    KvCheckingExecutor(int blocks, int blockSize) {
        this.blockSize = blockSize;
        this.cells = new long[blocks * blockSize];
    }

    /// What a sequence that is never disturbed gets.
    static int[] expected(TokenIds prompt, int count) {
        long state = 0;
        for (int i = 0; i < prompt.size(); i++) {
            state = append(state, prompt.get(i));
        }
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = sample(state);
            state = append(state, tokens[i]);
        }
        return tokens;
    }

    @Override
    public void execute(StepPlan plan, StepOutput output) {
        for (int i = 0; i < plan.size(); i++) {
            SequenceSlice slice = plan.slice(i);
            long state = compute(slice);
            if (slice.samples()) {
                output.put(i, GeneratedToken.of(sample(state)));
            }
        }
    }

    private long compute(SequenceSlice slice) {
        long state = slice.start() == 0 ? 0 : cells[cell(slice, slice.start() - 1)];
        for (int position = slice.start(); position < slice.start() + slice.count(); position++) {
            state = append(state, slice.tokens()[position]);
            cells[cell(slice, position)] = state;
        }
        return state;
    }

    private int cell(SequenceSlice slice, int position) {
        return slice.blocks()[position / blockSize] * blockSize + position % blockSize;
    }

    private static long append(long state, int token) {
        long mixed = (state ^ token) * 0x9e3779b97f4a7c15L + 1;
        return mixed ^ (mixed >>> 29);
    }

    /// Few ids, so that outputs share prefixes too.
    private static int sample(long state) {
        return (int) (state >>> 61);
    }
}
