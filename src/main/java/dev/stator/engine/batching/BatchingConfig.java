package dev.stator.engine.batching;

import java.time.Duration;

/// The limits of continuous batching.
///
/// @param maxSequences sequences that hold blocks at the same time
/// @param maxBatchTokens tokens of one step, decode and prefill together; at least `maxSequences`
/// @param initialPrefillTokens prefill tokens of one step before any step was measured
/// @param minPrefillTokens what prefill gets in a step however slow steps are
/// @param stepTimeTarget how long a step with prefill should take; prefill per step adapts to it
/// @param waitingRequestsMax requests accepted beyond `maxSequences`
/// @param waitingTokensMax prompt tokens of all requests that have not begun
/// @param retryAfter what a refused caller is told to wait
/// @param watermark fraction of all blocks that admission leaves to sequences already running
public record BatchingConfig(
        int maxSequences,
        int maxBatchTokens,
        int initialPrefillTokens,
        int minPrefillTokens,
        Duration stepTimeTarget,
        int waitingRequestsMax,
        long waitingTokensMax,
        Duration retryAfter,
        double watermark) {

    public static final BatchingConfig DEFAULT =
            new BatchingConfig(
                    256,
                    8192,
                    512,
                    64,
                    Duration.ofMillis(250),
                    1024,
                    4_000_000,
                    Duration.ofSeconds(1),
                    0.01);

    public BatchingConfig {
        require(maxSequences >= 1, "max-sequences", maxSequences, "must be positive");
        require(
                maxBatchTokens >= maxSequences,
                "max-batch-tokens",
                maxBatchTokens,
                "must be at least max-sequences, " + maxSequences);
        require(
                minPrefillTokens >= 1 && minPrefillTokens <= initialPrefillTokens,
                "min-prefill-tokens",
                minPrefillTokens,
                "must be in [1, initial-prefill-tokens], " + initialPrefillTokens);
        require(
                initialPrefillTokens <= maxBatchTokens,
                "initial-prefill-tokens",
                initialPrefillTokens,
                "must be at most max-batch-tokens, " + maxBatchTokens);
        require(
                stepTimeTarget.isPositive(),
                "step-time-target",
                stepTimeTarget,
                "must be positive");
        require(
                waitingRequestsMax >= 0,
                "waiting-requests-max",
                waitingRequestsMax,
                "must not be negative");
        require(waitingTokensMax >= 1, "waiting-tokens-max", waitingTokensMax, "must be positive");
        require(!retryAfter.isNegative(), "retry-after", retryAfter, "must not be negative");
        require(watermark >= 0 && watermark < 1, "watermark", watermark, "must be in [0, 1)");
    }

    private static void require(boolean holds, String key, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(key + " " + rule + ": " + value);
        }
    }
}
