package dev.stator.replay.offline.worker;

/// How long a worker computes a prompt, by the operations that LLaMA-3-70B needs for it (Mooncake,
/// FAST 2025):
///
/// ```
/// seconds = 80 · (4 · (n² - p²) · 8192 + 22 · (n - p) · 8192²) / G
/// ```
///
/// n tokens of which p are cached, G operations per second.
public record PrefillTime(double operationsPerSecond) {
    private static final double LAYERS = 80;
    private static final double WIDTH = 8192;
    private static final double NANOS_PER_SECOND = 1e9;

    public PrefillTime {
        if (!(operationsPerSecond > 0) || Double.isInfinite(operationsPerSecond)) {
            throw new IllegalArgumentException(
                    "flops must be positive and finite: " + operationsPerSecond);
        }
    }

    public double seconds(int tokens, int cachedTokens) {
        double n = tokens;
        double p = cachedTokens;
        return LAYERS
                * (4 * (n * n - p * p) * WIDTH + 22 * (n - p) * WIDTH * WIDTH)
                / operationsPerSecond;
    }

    long nanos(int tokens, int cachedTokens) {
        return Math.round(seconds(tokens, cachedTokens) * NANOS_PER_SECOND);
    }
}
