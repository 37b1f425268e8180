package dev.stator.routing.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

class BlockCountsTest {

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void agreesWithHashMap(long seed) {
        var random = new SplittableRandom(seed);
        var counts = new BlockCounts();
        Map<Long, Long> twin = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            boolean isShrinking = i / 100 % 2 == 1;
            long[] blocks = random.longs(random.nextInt(20), 0, 100).toArray();
            if (random.nextInt(4) < (isShrinking ? 3 : 1)) {
                counts.remove(blocks);
                for (long block : blocks) {
                    twin.computeIfPresent(block, (_, users) -> users == 1 ? null : users - 1);
                }
            } else {
                counts.add(blocks);
                for (long block : blocks) {
                    twin.merge(block, 1L, Long::sum);
                }
            }
            check(counts, twin);
        }
        counts.clear();
        check(counts, Map.of());
    }

    private static void check(BlockCounts counts, Map<Long, Long> twin) {
        assertThat(counts.size()).isEqualTo(twin.size());
        for (long block = 0; block < 100; block++) {
            assertThat(counts.contains(block)).isEqualTo(twin.containsKey(block));
        }
        List<Long> all = new ArrayList<>();
        counts.forEach(all::add);
        assertThat(all).containsExactlyInAnyOrderElementsOf(twin.values());
    }
}
