package dev.stator.engine.cpu.sampling;

/// Random numbers without state: number `index` of a seed is computed from both, so that it does
/// not matter who draws it, when, or after what.
final class CounterRandom {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final double UNIT = 0x1p-53;

    private CounterRandom() {}

    /// A number in `[0, 1)`.
    static double unit(long seed, int index) {
        return (mix(mix(seed) + (index + 1) * GOLDEN) >>> 11) * UNIT;
    }

    /// The finaliser of SplitMix64 (Stafford's variant 13).
    private static long mix(long x) {
        long y = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
        long z = (y ^ (y >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
