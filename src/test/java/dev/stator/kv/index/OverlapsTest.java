package dev.stator.kv.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.WorkerId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

class OverlapsTest {

    @Test
    void aWorkerIsFoundByItsNumberToo() {
        var table = new WorkerTable(List.of(new WorkerId(7), new WorkerId(8)));
        var overlaps = Overlaps.of(table, new int[][] {{3, 0}, {1, 4}, {}});

        assertThat(overlaps.table()).isSameAs(table);
        assertThat(overlaps.blocks(0)).isEqualTo(3);
        assertThat(overlaps.blocks(0, StorageTier.HOST)).isEqualTo(1);
        assertThat(overlaps.blocks(1, StorageTier.HOST)).isEqualTo(4);
        assertThat(overlaps.blocks(-1)).isZero();
        assertThat(overlaps.blocks(-1, StorageTier.HOST)).isZero();
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void theLongerRunIsThatOfEachWorker(long seed) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 20; i++) {
            Overlaps one = overlaps(random);
            Overlaps other = overlaps(random);
            Map<WorkerId, Integer> longest = new HashMap<>(one.toMap());
            other.toMap().forEach((worker, blocks) -> longest.merge(worker, blocks, Math::max));

            assertThat(one.max(other).toMap()).isEqualTo(longest);
            assertThat(one.max(other)).isEqualTo(other.max(one));
        }
    }

    /// In device memory alone, of some of ten workers.
    private static Overlaps overlaps(SplittableRandom random) {
        List<WorkerId> workers =
                LongStream.range(0, 10)
                        .filter(_ -> random.nextInt(4) > 0)
                        .mapToObj(WorkerId::new)
                        .toList();
        int told = random.nextInt(workers.size() + 1);
        int[] blocks = random.ints(told, 0, 4).toArray();
        return Overlaps.of(new WorkerTable(workers), blocks);
    }
}
