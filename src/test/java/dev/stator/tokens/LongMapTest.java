package dev.stator.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

class LongMapTest {

    @Test
    void zeroIsAKeyLikeAnyOther() {
        var map = new LongMap<String>();

        assertThat(map.get(0)).isNull();
        assertThat(map.put(0, "zero")).isNull();
        assertThat(map.get(0)).isEqualTo("zero");
        assertThat(map.remove(0)).isEqualTo("zero");
        assertThat(map.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void agreesWithHashMap(long seed) {
        var random = new SplittableRandom(seed);
        var map = new LongMap<Integer>();
        Map<Long, Integer> twin = new HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            boolean isShrinking = i / 500 % 2 == 1;
            long key = random.nextBoolean() ? random.nextLong(300) : random.nextLong(300) << 40;
            if (random.nextInt(4) < (isShrinking ? 3 : 1)) {
                assertThat(map.remove(key)).isEqualTo(twin.remove(key));
            } else {
                assertThat(map.put(key, i)).isEqualTo(twin.put(key, i));
            }
            assertThat(map.get(key)).isEqualTo(twin.get(key));
            assertThat(map.size()).isEqualTo(twin.size());
        }
        Map<Long, Integer> entries = new HashMap<>();
        map.forEach(entries::put);
        Set<Long> keys = new HashSet<>();
        map.forEachKey(keys::add);
        assertThat(entries).isEqualTo(twin);
        assertThat(keys).isEqualTo(twin.keySet());
    }
}
