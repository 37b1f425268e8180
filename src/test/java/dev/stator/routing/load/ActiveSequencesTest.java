package dev.stator.routing.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

class ActiveSequencesTest {
    private static final int BLOCK_SIZE = 4;
    private static final WorkerId ALICE = new WorkerId(1);
    private static final WorkerId BOB = new WorkerId(2);
    private static final long HOURS = 20_000_000_000_000L;
    private static final BlockHasher HASHER = new BlockHasher(BLOCK_SIZE, CacheNamespace.SHARED);

    private long nanos;
    private final ActiveSequences active = new ActiveSequences(true, () -> nanos);
    private final Roster roster = new Roster(List.of(ALICE, BOB));

    @Test
    void aBookingChargesItsWorkerUntilItIsClosed() {
        Booking booking = active.book(ALICE, query(1, 2, 3, 4, 5, 6, 7, 8, 9), 1);

        assertThat(counts(alice())).isEqualTo(new WorkerLoad(5, 2, 2, 1));
        booking.close();
        booking.close();
        assertThat(active.loads()).isEmpty();
    }

    @Test
    void sharedBlocksAreCountedOncePerWorker() {
        Booking one = active.book(ALICE, query(1, 2, 3, 4, 5, 6, 7, 8), 0);
        active.book(ALICE, query(1, 2, 3, 4, 9, 9, 9, 9), 1);
        assertThat(alice().activeBlocks()).isEqualTo(3);

        one.close();
        assertThat(alice().activeBlocks()).isEqualTo(2);
        active.checkInvariants();
    }

    @Test
    void theProjectionAddsOnlyWhatIsNotActiveYet() {
        active.book(ALICE, query(1, 2, 3, 4, 5, 6, 7, 8), 0);

        assertThat(loads(query(1, 2, 3, 4, 5, 5, 5, 5, 6, 6, 6, 6)))
                .extracting(ActiveSequencesTest::counts)
                .containsExactly(new WorkerLoad(8, 2, 4, 1), new WorkerLoad(0, 0, 3, 0));
    }

    @Test
    void prefillIsChargedOnceAndUncachedOnly() {
        Booking booking = active.book(ALICE, query(1, 2, 3, 4, 5, 6, 7, 8, 9), 2);
        assertThat(alice().prefillTokens()).isEqualTo(1);

        booking.prefillCompleted();
        booking.prefillCompleted();
        assertThat(alice().prefillTokens()).isZero();
        booking.close();
        booking.prefillCompleted();
        assertThat(active.loads()).isEmpty();
    }

    @Test
    void producedTokensAreChargedWhenTheyBeginABlock() {
        Booking booking = active.book(ALICE, query(1, 2, 3, 4, 5), 0);
        List<Integer> blocks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            booking.tokenProduced();
            blocks.add(alice().activeBlocks());
        }

        // the prompt's second block was begun by its fifth token, so token 9 begins the next one
        assertThat(blocks).containsExactly(1, 1, 1, 2, 2, 2, 2, 3);
        booking.close();
        assertThat(active.loads()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void agreesWithCountingEverythingAnew(long seed) {
        var random = new SplittableRandom(seed);
        List<Booked> booked = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Demand query = query(prompt(random));
            nanos += random.nextLong(random.nextInt(50) == 0 ? HOURS : 1_000_000);
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    WorkerId worker = random.nextBoolean() ? ALICE : BOB;
                    booked.add(new Booked(active.book(worker, query, 0), worker, query));
                }
                case 2 -> {
                    if (!booked.isEmpty()) {
                        booked.remove(random.nextInt(booked.size())).booking.close();
                    }
                }
                default -> {
                    if (!booked.isEmpty()) {
                        booked.get(random.nextInt(booked.size())).booking.prefillCompleted();
                    }
                }
            }
            active.checkInvariants();
            WorkerLoad[] loads = loads(query);
            assertThat(loads[0].decodeBlocks()).isEqualTo(union(booked, ALICE, query));
            assertThat(loads[1].decodeBlocks()).isEqualTo(union(booked, BOB, query));
            WorkerLoads anew = active.loads(query.blocks(), new Roster(List.of(ALICE, BOB)));
            assertThat(loads).containsExactly(anew.get(0), anew.get(1));
        }
        booked.forEach(it -> it.booking.close());
        assertThat(active.loads()).isEmpty();
    }

    private WorkerLoad alice() {
        return Optional.ofNullable(active.loads().get(ALICE)).orElseThrow();
    }

    private record Booked(Booking booking, WorkerId worker, Demand query) {}

    private static int union(List<Booked> booked, WorkerId worker, Demand query) {
        Set<Long> blocks = new HashSet<>();
        booked.stream()
                .filter(it -> it.worker.equals(worker))
                .forEach(it -> addBlocks(it.query, blocks));
        addBlocks(query, blocks);
        return blocks.size();
    }

    private static void addBlocks(Demand query, Set<Long> blocks) {
        for (int i = 0; i < query.blocks().count(); i++) {
            blocks.add(query.blocks().sequenceHash(i));
        }
    }

    private static int[] prompt(SplittableRandom random) {
        var ids = new int[1 + random.nextInt(6 * BLOCK_SIZE)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = random.nextInt(12) == 0 ? 1 : 0;
        }
        return ids;
    }

    private WorkerLoad[] loads(Demand query) {
        WorkerLoads loads = active.loads(query.blocks(), roster);
        return new WorkerLoad[] {loads.get(0), loads.get(1)};
    }

    /// What was counted, without what was learned.
    private static WorkerLoad counts(WorkerLoad load) {
        return new WorkerLoad(
                load.prefillTokens(),
                load.activeBlocks(),
                load.decodeBlocks(),
                load.activeRequests());
    }

    private static Demand query(int... ids) {
        TokenIds prompt = TokenIds.of(ids);
        return new Demand("test", prompt.size(), HASHER.hash(prompt), OptionalInt.empty());
    }
}
