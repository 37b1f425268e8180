package dev.stator.replay.result;

import java.time.Duration;

/// One policy, one seed.
///
/// @param isInterrupted whether it was ended before the trace was; the figures are then of what was
///     done so far
/// @param requests that were offered
/// @param outcomes how they ended
/// @param cache how much was found cached
/// @param ttft seconds from arrival to the first token; of those that got one
/// @param endToEnd seconds from arrival to the last token
/// @param interToken seconds between tokens, a request's mean each; empty without decode
/// @param flow what passed through the workers
/// @param balance who computed how much, and when
/// @param wallTime the simulation took
public record RunResult(
        long seed,
        boolean isInterrupted,
        int requests,
        Outcomes outcomes,
        CacheUse cache,
        Distribution ttft,
        Distribution endToEnd,
        Distribution interToken,
        Flow flow,
        LoadBalance balance,
        Duration wallTime) {

    /// How requests ended; what is in none of these was served where it was sent.
    ///
    /// @param rejected refused because of overload
    /// @param failed there was no worker
    /// @param migrated begun again on another worker
    public record Outcomes(int rejected, int failed, int migrated) {}

    /// @param goodput requests per second of virtual time that kept the promised TTFT
    /// @param outputTokensPerSecond while a request was under way
    /// @param waiting requests whose prefill had not begun, the mean per worker in that time
    public record Flow(double goodput, double outputTokensPerSecond, double waiting) {}

    /// @param blocks of all prompts
    /// @param hitBlocks of them found cached when the prefill began
    /// @param tokens of all prompts
    /// @param hitTokens of them found cached
    public record CacheUse(long blocks, long hitBlocks, long tokens, long hitTokens) {

        public double hitRatioBlocks() {
            return blocks == 0 ? 0 : (double) hitBlocks / blocks;
        }

        public double hitRatioTokens() {
            return tokens == 0 ? 0 : (double) hitTokens / tokens;
        }
    }
}
