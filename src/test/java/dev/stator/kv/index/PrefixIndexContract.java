package dev.stator.kv.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What every prefix index must do. One subclass per implementation.
public abstract class PrefixIndexContract {
    protected static final WorkerId ALICE = new WorkerId(1);
    protected static final WorkerId BOB = new WorkerId(-2); // ids are unsigned
    private static final BlockHasher HASHER = new BlockHasher(1, CacheNamespace.SHARED);

    protected abstract PrefixIndex newIndex();

    @Test
    void matchStopsAtTheFirstMissingBlock() {
        PrefixIndex index = newIndex();
        index.apply(ALICE, stored(10, 20));

        assertThat(index.match(prompt(10, 20, 30)).blocks(ALICE)).isEqualTo(2);
        assertThat(index.match(prompt(10)).blocks(ALICE)).isEqualTo(1);
        assertThat(index.match(prompt(99, 20)).workers()).isZero();
        assertThat(index.match(prompt()).workers()).isZero();
    }

    @Test
    void eachWorkerMatchesAsFarAsItHolds() {
        PrefixIndex index = newIndex();
        index.apply(ALICE, stored(10, 20, 30));
        index.apply(BOB, stored(10));

        Overlaps overlaps = index.match(prompt(10, 20, 30, 40));
        assertThat(overlaps.blocks(ALICE)).isEqualTo(3);
        assertThat(overlaps.blocks(BOB)).isEqualTo(1);
        assertThat(overlaps.blocks(new WorkerId(3))).isZero();
        assertThat(overlaps.workers()).isEqualTo(2);
    }

    @Test
    void blocksAreAddedBelowTheirParent() {
        PrefixIndex index = newIndex();
        index.apply(ALICE, stored(10, 20));

        assertThat(index.apply(ALICE, below(path(10, 20), 30)))
                .isEqualTo(new ApplyResult.Applied(1, 0));
        assertThat(index.match(prompt(10, 20, 30)).blocks(ALICE)).isEqualTo(3);
    }

    @Test
    void anUnknownParentIsRejectedAndNothingChanges() {
        PrefixIndex index = newIndex();
        index.apply(ALICE, stored(10));
        IndexSize before = index.size();

        assertThat(index.apply(BOB, below(path(10), 20)))
                .isEqualTo(new ApplyResult.UnknownParent(name(path(10))));
        assertThat(index.size()).isEqualTo(before);
    }

    @Test
    void storingTwiceIsStoringOnce() {
        PrefixIndex index = newIndex();
        index.apply(ALICE, stored(10, 20));

        assertThat(index.apply(ALICE, stored(10, 20))).isEqualTo(new ApplyResult.Applied(0, 2));
        index.apply(ALICE, removed(path(10, 20)));
        assertThat(index.match(prompt(10, 20)).blocks(ALICE)).isEqualTo(1);
    }

    @Test
    void removingWhatIsNotHeldChangesNothing() {
        PrefixIndex index = newIndex();
        index.apply(ALICE, stored(10));

        assertThat(index.apply(ALICE, removed(path(99)))).isEqualTo(new ApplyResult.Applied(0, 1));
        assertThat(index.apply(BOB, removed(path(10)))).isEqualTo(new ApplyResult.Applied(0, 1));
        assertThat(index.blocks(ALICE)).containsExactly(name(path(10)));
    }

    @Test
    void aBlockRemovedBeforeItsChildHidesTheChildUntilItReturns() {
        PrefixIndex index = newIndex();
        index.apply(ALICE, stored(10, 20, 30));
        index.apply(ALICE, removed(path(10, 20)));
        assertThat(index.match(prompt(10, 20, 30)).blocks(ALICE)).isEqualTo(1);

        index.apply(ALICE, below(path(10), 20));
        assertThat(index.match(prompt(10, 20, 30)).blocks(ALICE)).isEqualTo(3);
    }

    @Test
    void whatNobodyHoldsTakesNoRoom() {
        PrefixIndex index = newIndex();
        index.apply(ALICE, stored(10, 20, 30));
        index.apply(BOB, stored(10, 21));
        index.apply(ALICE, new Cleared());
        assertThat(index.size()).isEqualTo(new IndexSize(1, 2, 2));

        index.apply(BOB, removed(path(10, 21), path(10)));
        assertThat(index.size()).isEqualTo(new IndexSize(0, 0, 0));
    }

    @Test
    void aRemovedWorkerIsForgotten() {
        PrefixIndex index = newIndex();
        index.apply(ALICE, stored(10, 20));
        index.apply(BOB, stored(10));
        index.remove(ALICE);

        assertThat(index.match(prompt(10, 20)).toMap()).containsOnlyKeys(BOB);
        assertThat(index.blocks(ALICE)).isEmpty();
        assertThat(index.apply(ALICE, below(path(10), 20)))
                .isInstanceOf(ApplyResult.UnknownParent.class);
    }

    @Test
    void aDumpStoresTheSameAgain() {
        PrefixIndex index = newIndex();
        index.apply(ALICE, stored(10, 20, 30));
        index.apply(ALICE, stored(10, 21));
        index.apply(ALICE, stored(11));
        PrefixIndex copy = newIndex();
        for (Stored chain : index.dump(ALICE)) {
            assertThat(copy.apply(ALICE, chain)).isInstanceOf(ApplyResult.Applied.class);
        }

        assertThat(copy.blocks(ALICE)).isEqualTo(index.blocks(ALICE)).hasSize(5);
        assertThat(copy.match(prompt(10, 20, 30)).blocks(ALICE)).isEqualTo(3);
    }

    @Test
    void lowerTiersContinueWhereTheOneAboveEnds() {
        PrefixIndex index = newIndex();
        index.apply(ALICE, stored(10, 20));
        index.apply(ALICE, in(StorageTier.HOST, stored(10, 20, 30)));
        index.apply(ALICE, in(StorageTier.DISK, below(path(10, 20, 30), 40, 50)));
        index.apply(BOB, in(StorageTier.HOST, stored(10)));

        Overlaps overlaps = index.match(prompt(10, 20, 30, 40, 50, 60));
        assertThat(overlaps.blocks(ALICE)).isEqualTo(2);
        assertThat(overlaps.blocks(ALICE, StorageTier.HOST)).isEqualTo(1);
        assertThat(overlaps.blocks(ALICE, StorageTier.DISK)).isEqualTo(2);
        assertThat(overlaps.blocks(BOB)).isZero();
        assertThat(overlaps.blocks(BOB, StorageTier.HOST)).isEqualTo(1);
        assertThat(overlaps.workers()).isEqualTo(2);
        assertThat(overlaps.toMap()).containsOnlyKeys(ALICE);
    }

    @Test
    void aBlockMayBeHeldInSeveralTiersAtOnce() {
        PrefixIndex index = newIndex();
        index.apply(ALICE, stored(10, 20));
        index.apply(ALICE, in(StorageTier.HOST, stored(10, 20)));
        assertThat(index.size()).isEqualTo(new IndexSize(1, 2, 4));

        index.apply(ALICE, removed(path(10, 20), path(10)));
        Overlaps overlaps = index.match(prompt(10, 20));
        assertThat(overlaps.blocks(ALICE)).isZero();
        assertThat(overlaps.blocks(ALICE, StorageTier.HOST)).isEqualTo(2);
        assertThat(index.apply(ALICE, new Cleared())).isEqualTo(new ApplyResult.Applied(2, 0));
        assertThat(index.size()).isEqualTo(new IndexSize(0, 0, 0));
    }

    @Test
    void aDumpSaysTheTiers() {
        PrefixIndex index = newIndex();
        index.apply(ALICE, stored(10, 20));
        index.apply(ALICE, in(StorageTier.HOST, below(path(10, 20), 30)));
        index.apply(ALICE, in(StorageTier.DISK, stored(10, 20, 30, 40)));
        PrefixIndex copy = newIndex();
        index.dump(ALICE).forEach(it -> copy.apply(ALICE, it));

        TokenBlocks prompt = prompt(10, 20, 30, 40);
        assertThat(copy.match(prompt)).isEqualTo(index.match(prompt));
        assertThat(copy.size()).isEqualTo(index.size());
    }

    protected static KvCacheEvent in(StorageTier tier, KvCacheEvent event) {
        return switch (event) {
            case Stored(var parent, var blocks, _) -> new Stored(parent, blocks, tier);
            case Removed(var blocks, _) -> new Removed(blocks, tier);
            case Cleared() -> event;
        };
    }

    protected static TokenIds path(int... tokens) {
        return TokenIds.of(tokens);
    }

    protected static TokenBlocks prompt(int... tokens) {
        return HASHER.hash(TokenIds.of(tokens));
    }

    protected static KvCacheEvent stored(int... tokens) {
        return new Stored(Optional.empty(), blocks(TokenIds.EMPTY, tokens));
    }

    protected static KvCacheEvent below(TokenIds parent, int... tokens) {
        return new Stored(Optional.of(name(parent)), blocks(parent, tokens));
    }

    protected static KvCacheEvent removed(TokenIds... paths) {
        return new Removed(Arrays.stream(paths).map(PrefixIndexContract::name).toList());
    }

    private static List<StoredBlock> blocks(TokenIds parent, int... tokens) {
        var blocks = new ArrayList<StoredBlock>();
        TokenIds path = parent;
        for (int token : tokens) {
            path = path.concat(TokenIds.of(token));
            blocks.add(
                    new StoredBlock(
                            name(path), new BlockHash(HASHER.blockHash(path, path.size() - 1))));
        }
        return blocks;
    }

    private static SequenceHash name(TokenIds path) {
        TokenBlocks blocks = HASHER.hash(path);
        return new SequenceHash(blocks.sequenceHash(blocks.count() - 1));
    }
}
