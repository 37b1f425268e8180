package dev.stator.engine.cpu.forward;

/// The upper half of a float.
final class Bf16 {
    private Bf16() {}

    /// Rounds to nearest, ties to even; NaN stays NaN.
    static short of(float value) {
        int bits = Float.floatToIntBits(value);
        if (value != value) {
            return (short) (bits >>> 16 | 1);
        }
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    static float toFloat(short value) {
        return Float.intBitsToFloat(value << 16);
    }
}
