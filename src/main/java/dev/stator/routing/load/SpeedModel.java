package dev.stator.routing.load;

import java.util.OptionalInt;

/// Learns `Speeds` from what workers did. Not thread-safe.
final class SpeedModel {
    private static final double OUTPUT_LEARNING = 0.02; // weight of the newest answer's length
    private static final int DECODED_TOKENS_MIN = 4; // fewer say little about the pace

    private final Regression prefill =
            new Regression(
                    Speeds.PRIOR.fixedSeconds(),
                    Speeds.PRIOR.perTokenSeconds(),
                    Speeds.PRIOR.perPairSeconds());
    private final Regression decode =
            new Regression(Speeds.PRIOR.tokenFixedSeconds(), Speeds.PRIOR.tokenPerRequestSeconds());
    private double outputTokens;
    private long answers;
    private Speeds speeds = Speeds.PRIOR;

    Speeds speeds() {
        return speeds;
    }

    /// A prefill took so long, the time in which its worker was busy with others not counted.
    ///
    /// @param slowness of the worker
    void observePrefill(Prefill done, double seconds, double slowness) {
        double n = done.newTokens();
        prefill.observe(seconds / slowness, 1, n, n * (n + 2.0 * done.cachedTokens()));
        publish();
    }

    /// An answer came to its end.
    ///
    /// @param seconds from the first token to the last
    /// @param requests that decoded at once
    /// @param promised its length as the caller foretold, which then teaches nothing
    void observeAnswer(long tokens, double seconds, double requests, OptionalInt promised) {
        if (tokens >= DECODED_TOKENS_MIN) {
            decode.observe(seconds / (tokens - 1), 1, requests);
        }
        if (promised.isEmpty() && tokens > 0) {
            double weight = Math.max(OUTPUT_LEARNING, 1.0 / ++answers);
            outputTokens += weight * (tokens - outputTokens);
        }
        publish();
    }

    private void publish() {
        speeds =
                new Speeds(
                        prefill.weight(0),
                        prefill.weight(1),
                        prefill.weight(2),
                        decode.weight(0),
                        decode.weight(1),
                        outputTokens);
    }

    /// @param newTokens computed
    /// @param cachedTokens found in the cache before them
    record Prefill(long newTokens, long cachedTokens) {

        /// The same prompt with what was really cached, where that is known.
        Prefill with(OptionalInt reallyCachedTokens) {
            if (reallyCachedTokens.isEmpty()) {
                return this;
            }
            long prompt = newTokens + cachedTokens;
            long cached = Math.min(prompt, reallyCachedTokens.getAsInt());
            return new Prefill(prompt - cached, cached);
        }

        double seconds(Speeds speeds) {
            return speeds.prefillSeconds((double) newTokens, (double) cachedTokens);
        }
    }
}
