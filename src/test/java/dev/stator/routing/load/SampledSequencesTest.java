package dev.stator.routing.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// Of running prompts one of so many blocks is remembered.
class SampledSequencesTest {
    private static final int BLOCK_SIZE = 4;
    private static final WorkerId WORKER = new WorkerId(1);
    private static final WorkerId IDLE = new WorkerId(2);

    /// Blocks of a prompt, the stride, and what is charged.
    @ParameterizedTest
    @CsvSource({"12, 1, 12", "12, 4, 12", "11, 4, 8", "13, 4, 12", "3, 4, 0", "4, 4, 4"})
    void rememberedBlocksStandForThoseBeforeThem(int blocks, int stride, int charged) {
        var active = new ActiveSequences(false, stride, () -> 0);
        Demand demand = demand(LongStream.range(0, blocks).toArray());
        assertThat(load(active, IDLE, demand).decodeBlocks()).isEqualTo(charged);

        active.book(WORKER, demand, 0);
        WorkerLoad seen = load(active, WORKER, demand);
        assertThat(seen.activeBlocks()).isEqualTo(charged);
        assertThat(seen.decodeBlocks()).isEqualTo(charged);
        assertThat(seen.bookedBlocks()).isEqualTo(charged);
        assertThat(seen.prefillTokens()).isEqualTo(4L * blocks);
    }

    @Test
    void theLastBlockOfEachStrideIsKeptWithItsHistory() {
        TokenBlocks blocks = TokenBlocks.of(BLOCK_SIZE, 10, 11, 12, 13, 14, 15, 16);
        TokenBlocks some = blocks.every(3);

        assertThat(some.blockHashes()).containsExactly(12, 15);
        assertThat(some.sequenceHashes())
                .containsExactly(blocks.sequenceHash(2), blocks.sequenceHash(5));
        assertThat(blocks.every(1)).isSameAs(blocks);
    }

    @Test
    void foreignRequestsAreSampledAlike() {
        var active = new ActiveSequences(false, 3, () -> 0);
        TokenBlocks blocks = TokenBlocks.of(BLOCK_SIZE, 10, 11, 12, 13, 14, 15, 16);
        Booking foreign = active.bookForeign(WORKER, blocks.sequenceHashes(), 5);
        active.book(WORKER, demand(10, 11, 12, 99, 99, 99), 0);

        assertThat(load(active, WORKER, demand(1)).activeBlocks()).isEqualTo(9);
        foreign.close();
        assertThat(load(active, WORKER, demand(1)).activeBlocks()).isEqualTo(6);
        active.checkInvariants();
    }

    @Test
    void producedBlocksAreCountedOneByOne() {
        var active = new ActiveSequences(true, 4, () -> 0);
        Booking booking = active.book(WORKER, demand(1, 2, 3, 4), 0);
        for (int i = 0; i < 9; i++) {
            booking.tokenProduced();
        }

        assertThat(load(active, WORKER, demand(9)).activeBlocks()).isEqualTo(4 + 3);
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void agreesWithCountingEverythingAnew(long seed) {
        var random = new SplittableRandom(seed);
        int stride = 1 + random.nextInt(5);
        var active = new ActiveSequences(false, stride, () -> 0);
        List<Demand> running = new ArrayList<>();
        List<Booking> bookings = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Demand demand = demand(random.longs(1 + random.nextInt(12), 0, 2).toArray());
            if (random.nextInt(3) > 0) {
                running.add(demand);
                bookings.add(active.book(WORKER, demand, 0));
            } else if (!running.isEmpty()) {
                int gone = random.nextInt(running.size());
                running.remove(gone);
                bookings.remove(gone).close();
            }
            active.checkInvariants();
            Set<Long> remembered = new HashSet<>();
            running.forEach(it -> remembered.addAll(every(stride, it)));
            WorkerLoad load = load(active, WORKER, demand);
            assertThat(load.activeBlocks()).isEqualTo(stride * remembered.size());
            List<Long> own = every(stride, demand);
            int shared = (int) own.stream().filter(remembered::contains).count();
            assertThat(load.bookedBlocks()).isEqualTo(stride * shared);
            remembered.addAll(own);
            assertThat(load.decodeBlocks()).isEqualTo(stride * remembered.size());
        }
    }

    @Test
    void aStrideBelowOneIsRefusedByItsFlag() {
        assertThatThrownBy(() -> Tracking.DEFAULT.withSequenceStride(0))
                .hasMessageContaining("router-active-sequence-stride must be in [1, 65536]: 0");
    }

    private static List<Long> every(int stride, Demand demand) {
        List<Long> hashes = new ArrayList<>();
        for (int i = stride; i <= demand.blocks().count(); i += stride) {
            hashes.add(demand.blocks().sequenceHash(i - 1));
        }
        return hashes;
    }

    private static WorkerLoad load(ActiveSequences active, WorkerId worker, Demand demand) {
        return active.loads(demand.blocks(), new Roster(List.of(worker))).get(0);
    }

    private static Demand demand(long... blockHashes) {
        return new Demand(
                "r",
                BLOCK_SIZE * blockHashes.length,
                TokenBlocks.of(BLOCK_SIZE, blockHashes),
                OptionalInt.empty());
    }
}
