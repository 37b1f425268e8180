package dev.stator.engine.cpu.forward;

import dev.stator.engine.cpu.kernels.WeightFormat;

/// How keys and values are stored.
public enum KvFormat {
    F32(WeightFormat.F32),
    BF16(WeightFormat.BF16);

    private final WeightFormat numbers;

    KvFormat(WeightFormat numbers) {
        this.numbers = numbers;
    }

    /// The kernel that reads it.
    WeightFormat numbers() {
        return numbers;
    }

    /// Bytes per number.
    public int bytes() {
        return numbers.bytes();
    }
}
