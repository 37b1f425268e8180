package dev.stator.kv.index.learned;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.Overlaps;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class PredictedPrefixIndexTest {
    private static final WorkerId ALICE = new WorkerId(1);
    private static final WorkerId BOB = new WorkerId(2);
    private static final TokenBlocks PROMPT = TokenBlocks.of(16, 1, 2, 3, 4);

    private long nowNanos;
    private final PackedPrefixIndex known = new PackedPrefixIndex();
    private final PredictedPrefixIndex index =
            new PredictedPrefixIndex(
                    known,
                    new ApproximatePrefixIndex(
                            new PackedPrefixIndex(),
                            new Retention.TimeToLive(Duration.ofSeconds(5)),
                            () -> nowNanos));

    @Test
    void theSecondOfABurstSeesTheFirst() {
        index.routed(ALICE, PROMPT);
        assertThat(index.match(PROMPT).toMap()).isEqualTo(Map.of(ALICE, 4));
        assertThat(known.match(PROMPT)).isEqualTo(Overlaps.NONE);
    }

    @Test
    void aPredictionIsForgottenAndWhatIsKnownStays() {
        store(ALICE, StorageTier.DEVICE, 0, 2);
        index.routed(ALICE, PROMPT);
        nowNanos = Duration.ofSeconds(5).toNanos();
        assertThat(index.match(PROMPT).toMap()).isEqualTo(Map.of(ALICE, 2));
    }

    @Test
    void theLongerRunOfEachWorkerCountsInEachTier() {
        store(ALICE, StorageTier.DEVICE, 0, 1);
        store(ALICE, StorageTier.HOST, 1, 4);
        store(BOB, StorageTier.DEVICE, 0, 3);
        index.routed(ALICE, TokenBlocks.of(16, 1, 2));
        index.routed(BOB, TokenBlocks.of(16, 1));

        Overlaps overlaps = index.match(PROMPT);
        assertThat(overlaps.blocks(ALICE)).isEqualTo(2);
        assertThat(overlaps.blocks(ALICE, StorageTier.HOST)).isEqualTo(2);
        assertThat(overlaps.blocks(BOB)).isEqualTo(3);
    }

    @Test
    void aRemovedWorkerIsForgottenInBoth() {
        store(ALICE, StorageTier.DEVICE, 0, 1);
        index.routed(ALICE, PROMPT);
        index.remove(ALICE);
        assertThat(index.match(PROMPT).workers()).isZero();
    }

    private void store(WorkerId worker, StorageTier tier, int from, int to) {
        List<StoredBlock> blocks = new ArrayList<>();
        for (int i = from; i < to; i++) {
            blocks.add(
                    new StoredBlock(
                            new SequenceHash(PROMPT.sequenceHash(i)),
                            new BlockHash(PROMPT.blockHash(i))));
        }
        Optional<SequenceHash> parent =
                from == 0
                        ? Optional.empty()
                        : Optional.of(new SequenceHash(PROMPT.sequenceHash(from - 1)));
        known.apply(worker, new Stored(parent, blocks, tier));
    }
}
