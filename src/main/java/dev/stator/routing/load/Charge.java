package dev.stator.routing.load;

import java.util.OptionalInt;

/// What one booking put on its worker. Guarded by the `ActiveSequences`, but for the count of
/// tokens, which belongs to the thread that hears of them.
final class Charge {
    static final long NO_TOKEN = Long.MIN_VALUE;

    final WorkerActivity worker;
    final long[] blocks; // sequence hashes
    final SpeedModel.Prefill prefill;
    final OptionalInt promisedTokens;
    final long bookedNanos;
    final double prefillSeconds; // as estimated when it was booked

    long prefillTokens; // 0 once it is computed
    int promptTokens;
    int blockSizeTokens; // 0 when the tokens it produces are not heard of
    int outputBlocks;
    long firstTokenNanos = NO_TOKEN;
    int firstTokenRequests; // that ran beside it then, itself included
    boolean released;

    int tokens; // produced

    Charge(WorkerActivity worker, long[] blocks, SpeedModel.Prefill prefill, Timing timing) {
        this.worker = worker;
        this.blocks = blocks;
        this.prefill = prefill;
        this.prefillTokens = prefill.newTokens();
        this.prefillSeconds = timing.prefillSeconds;
        this.bookedNanos = timing.bookedNanos;
        this.promisedTokens = timing.promisedTokens;
    }

    /// Its produced tokens are heard of: they follow so many and fill blocks of this size.
    void produces(int newPromptTokens, int newBlockSizeTokens) {
        promptTokens = newPromptTokens;
        blockSizeTokens = newBlockSizeTokens;
    }

    /// When it was booked, how long its prefill should take, and how long its answer should be.
    record Timing(long bookedNanos, double prefillSeconds, OptionalInt promisedTokens) {}
}
