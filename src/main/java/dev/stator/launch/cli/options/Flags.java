package dev.stator.launch.cli.options;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// Turns what picocli leaves `null` into what the rest of the program takes, and refusals into
/// wrong usage.
public final class Flags {
    private Flags() {}

    public static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /// The configuration, or a `ParameterException` with the reason why there is none.
    public static <T> T checked(@Nullable CommandSpec spec, Supplier<T> configuration) {
        try {
            return configuration.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), e.getMessage(), e);
        }
    }
}
