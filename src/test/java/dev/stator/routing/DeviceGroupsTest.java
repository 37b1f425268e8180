package dev.stator.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.eligibility.Capacity;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class DeviceGroupsTest {

    /// Requests that run on the processors of each group and on its other devices, and who is next.
    @ParameterizedTest
    @CsvSource({
        "0,     0,       8, other",
        "0,     7,       8, other",
        "0,     8,       8, processors",
        "1,     8,       8, other",
        "1,     15,      8, other",
        "1,     16,      8, processors",
        "0 0,   4,       8, processors",
        "0 0,   3,       8, other",
        "0 0,   8,       8, processors",
        "1 0,   8,       8, processors",
        "1 1,   8,       8, other",
        "0,     8 7,     8, other",
        "0,     8 8,     8, processors",
        "0,     1,       1, processors",
        "1,     1,       1, other",
        "5 5,   '',      8, processors",
        "'',    0 9,     8, other"
    })
    void theGroupWithLessToDoForItsThroughputIsNext(
            String processors, String others, int ratio, String next) {
        boolean[] onProcessors = new boolean[count(processors) + count(others)];
        Arrays.fill(onProcessors, 0, count(processors), true);
        int[] running = IntStream.concat(numbers(processors), numbers(others)).toArray();
        double[] prices = DeviceGroups.prices(onProcessors, running, ratio);

        for (int i = 0; i < prices.length; i++) {
            boolean isNext = onProcessors[i] == next.equals("processors");
            assertThat(prices[i]).isEqualTo(isNext ? 0 : Double.POSITIVE_INFINITY);
        }
    }

    /// Dynamo's own integer form, worked out by counting.
    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void processorsStayWithinTheirShare(long seed) {
        var random = new SplittableRandom(seed);
        int ratio = 1 + random.nextInt(10);
        boolean[] onProcessors = new boolean[1 + random.nextInt(6)];
        int[] running = new int[onProcessors.length];
        List<Integer> slow = new ArrayList<>();
        List<Integer> fast = new ArrayList<>();
        for (int i = 0; i < running.length; i++) {
            onProcessors[i] = random.nextBoolean();
            int requests = random.nextInt(20);
            running[i] = requests;
            (onProcessors[i] ? slow : fast).add(requests);
        }
        boolean isForProcessors =
                fast.isEmpty()
                        || (!slow.isEmpty()
                                && sum(slow)
                                        < Math.floorDiv(
                                                sum(fast) * slow.size(), ratio * fast.size()));

        double[] prices = DeviceGroups.prices(onProcessors, running, ratio);
        assertThat(prices[0] == 0).isEqualTo(onProcessors[0] == isForProcessors);
        assertThat(Arrays.stream(prices).anyMatch(it -> it == 0)).isTrue();
    }

    @Test
    void withinTheGroupTheLeastLoadedIsSelectedAndTheGroupsFillByTheirThroughput() {
        var config = RouterConfig.DEFAULT.withMode(RoutingMode.DEVICE_AWARE_WEIGHTED);
        var router =
                new KvRouter(
                        config.withDeviceThroughputRatio(4),
                        new PackedPrefixIndex(),
                        new SplittableRandom(1),
                        () -> 0);
        List<Candidate> workers =
                List.of(worker(1, true), worker(2, true), worker(3, false), worker(4, false));
        int[] requests = new int[5];
        for (int i = 0; i < 100; i++) {
            var query = new RoutingQuery("r" + i, 20, TokenBlocks.of(4, i), workers);
            var routed = (Routed) router.route(query);
            requests[(int) routed.choice().worker().value()]++;
        }

        assertThat(requests).containsExactly(0, 10, 10, 40, 40);
    }

    private static Candidate worker(long id, boolean isOnProcessors) {
        return new Candidate(
                new WorkerId(id), new Capacity(100, 0), Set.of(), true, Set.of(), isOnProcessors);
    }

    private static IntStream numbers(String text) {
        return text.isEmpty()
                ? IntStream.empty()
                : Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt);
    }

    private static int count(String text) {
        return (int) numbers(text).count();
    }

    private static int sum(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).sum();
    }
}
