package dev.stator.frontend;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Where the frontend's time and randomness come from.
///
/// @param random thread-safe; ids must not be guessable in production
public record TimeAndChance(InstantSource clock, LongSupplier nanoClock, RandomGenerator random) {

    /// The machine's own.
    public static TimeAndChance system() {
        return new TimeAndChance(InstantSource.system(), System::nanoTime, new SecureRandom());
    }
}
