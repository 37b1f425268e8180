package dev.stator.tokens;

/// The generator SplitMix64 as functions of its state: numbers that are the same on every machine,
/// in any order and for as many threads as draw them.
///
/// From Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014: the state
/// grows by `GAMMA` each time, and `mix` makes a number of it.
public final class SplitMix64 {
    /// The step of the state: the odd number nearest to 2^64 divided by the golden ratio.
    public static final long GAMMA = 0x9E3779B97F4A7C15L;

    private SplitMix64() {}

    /// Spreads each bit of `state` over all bits of the result; different states stay different.
    /// Shifts and factors are variant 13 of David Stafford's search for better finalisers, 2011.
    public static long mix(long state) {
        long half = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        long whole = (half ^ (half >>> 27)) * 0x94D049BB133111EBL;
        return whole ^ (whole >>> 31);
    }
}
