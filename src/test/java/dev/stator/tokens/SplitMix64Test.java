package dev.stator.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

class SplitMix64Test {
    /// The first numbers for seed 1234567, as Rosetta Code lists them for this generator.
    @Test
    void drawsThePublishedNumbers() {
        assertThat(LongStream.rangeClosed(1, 5).map(i -> number(1_234_567, i)))
                .containsExactly(
                        6_457_827_717_110_365_317L,
                        3_203_168_211_198_807_973L,
                        Long.parseUnsignedLong("9817491932198370423"),
                        4_593_380_528_125_082_431L,
                        Long.parseUnsignedLong("16408922859458223821"));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 42, Long.MIN_VALUE, SplitMix64.GAMMA})
    void agreesWithTheGeneratorOfTheJdk(long seed) {
        var random = new SplittableRandom(seed);

        for (int i = 1; i <= 1_000; i++) {
            assertThat(number(seed, i)).isEqualTo(random.nextLong());
        }
    }

    private static long number(long seed, long index) {
        return SplitMix64.mix(seed + index * SplitMix64.GAMMA);
    }
}
