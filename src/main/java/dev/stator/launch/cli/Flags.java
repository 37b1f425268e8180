package dev.stator.launch.cli;

import org.jspecify.annotations.Nullable;

import java.util.OptionalInt;

/// Turns what picocli leaves `null` into what the rest of the program takes.
final class Flags {
    private Flags() {}

    static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
