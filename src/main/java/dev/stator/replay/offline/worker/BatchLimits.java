package dev.stator.replay.offline.worker;

/// What a batching worker takes into one step; the defaults are those of vLLM and Dynamo's mocker.
///
/// @param maxSequences that run at once
/// @param maxBatchTokens of one step, prefill and decode together
/// @param speedup over the machine whose step times are imitated
public record BatchLimits(int maxSequences, int maxBatchTokens, double speedup) {
    public static final BatchLimits DEFAULT = new BatchLimits(256, 8192, 1);

    public BatchLimits {
        if (maxSequences < 1 || maxBatchTokens < maxSequences || !(speedup > 0)) {
            throw new IllegalArgumentException(
                    "max-num-seqs and speedup-ratio must be positive, and max-num-batched-tokens"
                            + " at least max-num-seqs: %d, %s, %d"
                                    .formatted(maxSequences, speedup, maxBatchTokens));
        }
    }
}
