package dev.stator.engine.cpu.sampling;

import dev.stator.tokens.SplitMix64;

/// Random numbers without state: number `index` of a seed is computed from both, so that it does
/// not matter who draws it, when, or after what.
final class CounterRandom {
    private static final double UNIT = 0x1p-53;

    private CounterRandom() {}

    /// A number in `[0, 1)`.
    static double unit(long seed, int index) {
        return (SplitMix64.mix(SplitMix64.mix(seed) + (index + 1) * SplitMix64.GAMMA) >>> 11)
                * UNIT;
    }
}
