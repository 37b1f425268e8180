package dev.stator.routing.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stator.routing.explain.HitLadder.Cached;
import dev.stator.routing.explain.HitLadder.Served;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

class HitLadderTest {
    private static final int BLOCK_SIZE = 16;
    private static final Cached NOTHING = new Cached(0, 0, 0);

    private final AtomicLong nanos = new AtomicLong();
    private final HitLadder ladder = new HitLadder(nanos::get);

    @Test
    void aSmallTraceHasTheKnownLadder() {
        // Room for four blocks. A B C D misses four; A B X finds two; E F G H misses four and
        // displaces all; A B C D is known to the ideal cache alone.
        add(4, new Cached(0, 0, 0), 1, 2, 3, 4);
        add(4, new Cached(32, 32, 32), 1, 2, 9);
        add(4, new Cached(0, 0, 0), 5, 6, 7, 8);
        add(4, new Cached(64, 32, 16), 1, 2, 3, 4);

        LadderReading reading = ladder.sinceStart();
        assertThat(reading.requests()).isEqualTo(4);
        assertThat(reading.promptTokens()).isEqualTo(15 * 16);
        assertThat(reading.cachedTokens()).containsExactly(96, 32, 96, 64, 48);
        assertThat(reading.ratio(Rung.IDEAL)).isEqualTo(6 / 15.0);
        assertThat(ladder.lately()).isEqualTo(reading);
        assertThat(ladder.sampleRate()).isEqualTo(1);
    }

    @Test
    void thePartOfAPromptThatIsKeptIsAPrefix() {
        add(4, NOTHING, 1, 2, 3, 4);
        add(4, NOTHING, 5, 6);
        add(4, NOTHING, 1, 2, 3, 4);

        // 3 and 4 gave way to 5 and 6; 1 and 2 stayed.
        assertThat(ladder.sinceStart().cachedTokens(Rung.CAPACITY_BOUND)).isEqualTo(2 * 16);
    }

    @Test
    void whatIsLongerThanTheCacheLeavesItsBeginning() {
        add(2, NOTHING, 1, 2, 3, 4);
        add(2, NOTHING, 1, 2, 3, 4);

        assertThat(ladder.sinceStart().cachedTokens(Rung.CAPACITY_BOUND)).isEqualTo(2 * 16);
    }

    @Test
    void theWindowForgetsAndTheStartDoesNot() {
        add(4, NOTHING, 1, 2);
        nanos.addAndGet(Duration.ofMinutes(9).toNanos());
        add(4, NOTHING, 1, 2);
        assertThat(ladder.lately().requests()).isEqualTo(2);

        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(ladder.lately().requests()).isOne();
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(ladder.lately()).isEqualTo(LadderReading.EMPTY);
        assertThat(ladder.sinceStart().requests()).isEqualTo(2);
    }

    @Test
    void nothingAskedIsNoRatio() {
        assertThat(ladder.lately().ratio(Rung.ACHIEVED)).isZero();
    }

    /// A sample of two thousand blocks against an exact computation, where a few hundred thousand
    /// are asked for.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theEstimateIsNearTheExactFigure(long seed) {
        var sampled = new HitLadder(nanos::get, 2_048);
        var exact = new HitLadder(nanos::get, 1 << 20);
        for (Served served : conversations(seed)) {
            sampled.add(served);
            exact.add(served);
        }

        assertThat(exact.sampleRate()).isEqualTo(1);
        assertThat(sampled.sampleRate()).isLessThanOrEqualTo(1 / 64.0);
        for (Rung rung : List.of(Rung.IDEAL, Rung.CAPACITY_BOUND)) {
            double is = exact.sinceStart().ratio(rung);
            assertThat(is).as("a workload that tells something").isBetween(0.2, 0.9);
            assertThat(sampled.sinceStart().ratio(rung))
                    .as("%s, seed %d", rung, seed)
                    .isCloseTo(is, within(0.03));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void theSampleStaysWithinItsBounds(long seed) {
        var lru = new SampledLru(500);
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++) {
            long[] prompt =
                    LongStream.range(0, random.nextInt(1, 400))
                            .map(_ -> random.nextLong())
                            .toArray();
            lru.touch(prompt, 40_000);
            lru.checkInvariants();
            assertThat(lru.samples()).isLessThanOrEqualTo(500);
        }
        assertThat(lru.rate()).isEqualTo(1 / 128.0);
    }

    /// Conversations of several turns behind system prompts of which some are popular.
    private static List<Served> conversations(long seed) {
        var random = new SplittableRandom(seed);
        List<long[]> open = new ArrayList<>();
        List<Served> all = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            if (open.size() < 400 || random.nextInt(8) == 0) {
                int system = (int) (20 * random.nextDouble() * random.nextDouble());
                open.add(
                        LongStream.range(0, 10 + system).map(it -> 1_000L * system + it).toArray());
            }
            int at = random.nextInt(open.size());
            long[] before = open.get(at);
            long[] more = random.longs(random.nextInt(5, 60)).toArray();
            long[] blocks = LongStream.concat(LongStream.of(before), LongStream.of(more)).toArray();
            if (blocks.length > 600) {
                open.remove(at);
            } else {
                open.set(at, blocks);
            }
            all.add(served(30_000, NOTHING, blocks));
        }
        return all;
    }

    private void add(long fleetBlocks, Cached cached, long... blocks) {
        ladder.add(served(fleetBlocks, cached, blocks));
    }

    private static Served served(long fleetBlocks, Cached cached, long... blocks) {
        TokenBlocks prompt = TokenBlocks.of(BLOCK_SIZE, blocks);
        return new Served(blocks.length * BLOCK_SIZE, prompt, cached, fleetBlocks);
    }
}
