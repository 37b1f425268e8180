package dev.stator.replay.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

class BlockIdsTest {

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void runsAreWhatWasPutIn(long seed) {
        var random = new SplittableRandom(seed);
        var builder = new BlockIds.Builder();
        var ids = LongStream.builder();
        for (int i = random.nextInt(20); i > 0; i--) {
            long first = random.nextInt(6);
            int count = random.nextInt(4);
            builder.add(first, count);
            LongStream.range(first, first + count).forEach(ids);
        }
        long[] expected = ids.build().toArray();

        assertThat(builder.build().toArray()).isEqualTo(expected);
        assertThat(builder.build().count()).isEqualTo(expected.length);
        assertThat(builder.build()).isEqualTo(BlockIds.of(expected));
    }
}
