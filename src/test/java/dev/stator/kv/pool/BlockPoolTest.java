package dev.stator.kv.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.kv.cache.KvCacheListener.StoredTokens;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

class BlockPoolTest {
    private static final BlockHasher HASHER = new BlockHasher(4, CacheNamespace.SHARED);
    private static final int[] TWELVE = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    private static final int[] FORKED = {1, 2, 3, 4, 5, 6, 7, 8, 99, 98, 97, 96};
    private static final int[] OTHER = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32};

    private final List<KvCacheEvent> events = new ArrayList<>();
    private final BlockPool pool = new BlockPool(5, 4, events::add);

    @AfterEach
    void checkInvariants() {
        pool.checkInvariants();
    }

    @Test
    void announcesConsecutiveFullBlocksInOneEvent() {
        BlockTable table = table(TWELVE);
        pool.grow(table, 12);
        pool.commit(table, TWELVE, 3);
        assertThat(events).isEmpty();

        pool.commit(table, TWELVE, 11);
        assertThat(events).containsExactly(stored(TWELVE, 0, 2));

        pool.commit(table, TWELVE, 12);
        assertThat(events).last().isEqualTo(stored(TWELVE, 2, 3));
    }

    @Test
    void tellsWhatTheAnnouncedBlocksHold() {
        var told = new ArrayList<StoredTokens>();
        var listener =
                new KvCacheListener() {
                    @Override
                    public void onEvent(KvCacheEvent event) {
                        events.add(event);
                    }

                    @Override
                    public void onStored(Stored event, Supplier<StoredTokens> tokens) {
                        told.add(tokens.get());
                    }
                };
        var both = new BlockPool(40, 1, KvCacheListener.both(listener, listener));
        var salted = new CacheNamespace("", "tenant");
        int[] ids = IntStream.range(0, 40).toArray();
        BlockTable table = BlockTable.of(new BlockHasher(1, salted), salted, TokenIds.of(ids));
        both.grow(table, 40);
        both.commit(table, ids, 38);
        both.commit(table, ids, 40);
        both.clear();

        var first = new StoredTokens(salted, 1, TokenIds.of(Arrays.copyOf(ids, 38)));
        var second = new StoredTokens(salted, 1, TokenIds.of(38, 39));
        assertThat(told).containsExactly(first, first, second, second);
        assertThat(events).containsExactly(new Cleared(), new Cleared());
    }

    @Test
    void findsWhatWasReleased() {
        fill(TWELVE);
        BlockTable again = table(FORKED);

        assertThat(pool.match(again, FORKED, 12)).isEqualTo(2);
        assertThat(pool.usedBlocks()).isEqualTo(2);
        assertThat(pool.availableBlocks()).isEqualTo(3);
    }

    @Test
    void aMatchIsBoundedByTheTokensAllowed() {
        fill(TWELVE);

        assertThat(pool.match(table(TWELVE), TWELVE, 11)).isEqualTo(2);
    }

    @Test
    void evictsTheLeastRecentlyUsedLeafFirst() {
        fill(TWELVE);
        fill(new int[] {21, 22, 23, 24});
        events.clear();
        BlockTable table = table(OTHER);
        pool.grow(table, 8);

        assertThat(events).containsExactly(new Removed(List.of(sequenceHash(TWELVE, 2))));
    }

    @Test
    void whatIsUsedAgainIsEvictedLater() {
        fill(new int[] {1, 2, 3, 4});
        fill(new int[] {5, 6, 7, 8});
        fill(new int[] {1, 2, 3, 4});
        events.clear();
        pool.grow(table(OTHER), 16);

        assertThat(events)
                .containsExactly(new Removed(List.of(sequenceHash(new int[] {5, 6, 7, 8}, 0))));
    }

    @Test
    void takesAllTheRoomItNeedsOrNone() {
        BlockTable first = table(TWELVE);
        assertThat(pool.grow(first, 16)).isTrue();
        BlockTable second = table(OTHER);

        assertThat(pool.grow(second, 5)).isFalse();
        assertThat(second.size()).isZero();
        assertThat(pool.grow(second, 4)).isTrue();
    }

    @Test
    void twoSequencesThatFillTheSameContentEndUpWithOneBlock() {
        BlockTable first = table(TWELVE);
        BlockTable second = table(TWELVE);
        pool.grow(first, 8);
        pool.grow(second, 8);
        pool.commit(first, TWELVE, 8);
        pool.commit(second, TWELVE, 8);

        assertThat(events).containsExactly(stored(TWELVE, 0, 2));
        assertThat(pool.usedBlocks()).isEqualTo(2);
        assertThat(second.block(0)).isEqualTo(first.block(0));
        assertThat(second.block(1)).isEqualTo(first.block(1));
    }

    @Test
    void otherTokensWithTheSameHashAreNeverServed() {
        fill(TWELVE);
        events.clear();
        BlockTable impostor = table(TWELVE);
        assertThat(pool.match(impostor, OTHER, 12)).isZero();

        pool.grow(impostor, 12);
        pool.commit(impostor, OTHER, 12);
        assertThat(pool.cachedBlocks()).isEqualTo(2);
        assertThat(events).containsExactly(new Removed(List.of(sequenceHash(TWELVE, 2))));
    }

    @Test
    void anotherNamespaceWithTheSameHashIsNeverServed() {
        fill(TWELVE);
        var tenant = new CacheNamespace("", "tenant");
        BlockTable impostor = BlockTable.of(HASHER, tenant, TokenIds.of(TWELVE));

        assertThat(pool.match(impostor, TWELVE, 12)).isZero();
    }

    @Test
    void theSameBlockBelowAnotherParentIsNeverServedWhateverItsHash() {
        int[] otherStart = {9, 9, 9, 9, 5, 6, 7, 8};
        fill(TWELVE);
        long[] blockHashes = {hash(otherStart, 0).value(), hash(TWELVE, 1).value()};
        long[] sequenceHashes = {
            sequenceHash(otherStart, 0).value(), sequenceHash(TWELVE, 1).value()
        };
        var impostor = new BlockTable(HASHER, CacheNamespace.SHARED, blockHashes, sequenceHashes);
        pool.grow(impostor, 8);
        pool.commit(impostor, otherStart, 8);
        assertThat(pool.isCached(impostor.block(0))).isTrue();
        assertThat(pool.isCached(impostor.block(1))).isFalse();

        pool.release(impostor);
        assertThat(pool.match(impostor, otherStart, 8)).isEqualTo(1);
    }

    @Test
    void clearingLeavesHeldBlocksToTheirHolders() {
        BlockTable table = table(TWELVE);
        pool.grow(table, 12);
        pool.commit(table, TWELVE, 8);
        pool.clear();
        pool.commit(table, TWELVE, 12);

        assertThat(events).containsExactly(stored(TWELVE, 0, 2), new Cleared());
        assertThat(pool.cachedBlocks()).isZero();
        assertThat(pool.usedBlocks()).isEqualTo(3);
        pool.release(table);
        assertThat(pool.availableBlocks()).isEqualTo(5);
    }

    @Test
    void theDumpHasEveryBranchBelowItsParent() {
        fill(TWELVE);
        fill(FORKED);

        assertThat(pool.dump()).hasSize(2).contains(stored(FORKED, 0, 3), stored(TWELVE, 2, 3));
    }

    @Test
    void impossibleSizesAreRefused() {
        assertThatThrownBy(() -> new BlockPool(1 << 28, 16, _ -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("268435456 blocks of 16");
        assertThatThrownBy(() -> new BlockPool(0, 16, _ -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void fill(int[] ids) {
        BlockTable table = table(ids);
        pool.match(table, ids, ids.length);
        pool.grow(table, ids.length);
        pool.commit(table, ids, ids.length);
        pool.release(table);
    }

    private static BlockTable table(int[] ids) {
        return BlockTable.of(HASHER, CacheNamespace.SHARED, TokenIds.of(ids));
    }

    private static SequenceHash sequenceHash(int[] ids, int position) {
        return new SequenceHash(HASHER.hash(TokenIds.of(ids)).sequenceHash(position));
    }

    private static BlockHash hash(int[] ids, int position) {
        return new BlockHash(HASHER.hash(TokenIds.of(ids)).blockHash(position));
    }

    private static Stored stored(int[] ids, int start, int end) {
        TokenBlocks blocks = HASHER.hash(TokenIds.of(Arrays.copyOf(ids, 4 * end)));
        List<StoredBlock> expected = new ArrayList<>();
        for (int i = start; i < end; i++) {
            expected.add(
                    new StoredBlock(
                            new SequenceHash(blocks.sequenceHash(i)),
                            new BlockHash(blocks.blockHash(i))));
        }
        return new Stored(
                start == 0 ? Optional.empty() : Optional.of(sequenceHash(ids, start - 1)),
                expected);
    }
}
