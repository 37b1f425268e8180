package dev.stator.replay.offline.policy;

/// The generator of Steele, Lea and Flood as a function of its state.
final class SplitMix64 {
    private SplitMix64() {}

    static long of(long state) {
        long z = state + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
