package dev.stator.kv.index.packed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.ApplyResult;
import dev.stator.kv.index.IndexSize;
import dev.stator.kv.index.PrefixFleet;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

class PackedPrefixIndexLimitTest {
    private static final long LIMIT_BYTES = 2 << 20;
    private static final int WORKERS = 20;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void staysWithinItsBytesAndNeverClaimsWhatIsNotHeld(boolean ownNames) {
        var limited = new PackedPrefixIndex(LIMIT_BYTES);
        var whole = new PackedPrefixIndex();
        var fleet = new PrefixFleet(3, WORKERS, ownNames);
        long kept = 0;
        int looks = 0;
        for (int i = 0; i < 3_000; i++) {
            TokenBlocks prompt = fleet.prompt();
            for (WorkerId worker : fleet.holders()) {
                for (Stored event : fleet.stored(worker, prompt)) {
                    limited.apply(worker, event);
                    whole.apply(worker, event);
                    assertThat(limited.bytes()).isLessThanOrEqualTo(LIMIT_BYTES);
                }
            }
            if (i % 400 == 399) {
                PackedIndexCheck.check(limited);
                kept += limited.size().heldBlocks();
                looks++;
            }
            Map<WorkerId, Integer> claimed = limited.match(prompt).toMap();
            Map<WorkerId, Integer> held = whole.match(prompt).toMap();
            claimed.forEach(
                    (worker, blocks) ->
                            assertThat(blocks).isLessThanOrEqualTo(held.getOrDefault(worker, 0)));
        }
        IndexSize size = limited.size();
        assertThat(limited.forgottenBlocks()).isGreaterThan(size.heldBlocks());
        assertThat(LIMIT_BYTES / (kept / looks)).as("bytes per block").isLessThan(80);
    }

    /// Conversations go on below blocks that were forgotten; every worker is asked for everything
    /// now and then, as a follower does when parents are unknown.
    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#ten")
    void whatIsBelowAForgottenBlockCountsOnlyWhenAllAboveIsKnown(long seed) {
        var random = new SplittableRandom(seed);
        var limited = new PackedPrefixIndex(1 << 20);
        var whole = new PackedPrefixIndex(); // which agrees with the naive one
        List<TokenBlocks> prompts = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 1_200; i++) {
            var worker = new WorkerId(random.nextInt(4));
            boolean goesOn = !prompts.isEmpty() && random.nextBoolean();
            int at = goesOn ? random.nextInt(prompts.size()) : prompts.size();
            TokenBlocks former = goesOn ? prompts.get(at) : TokenBlocks.of(16);
            TokenBlocks longer = longer(former, random);
            Stored event = below(former, longer);
            if (whole.apply(worker, event) instanceof ApplyResult.Applied) {
                boolean isTaken = limited.apply(worker, event) instanceof ApplyResult.Applied;
                refused += isTaken ? 0 : 1;
                prompts.remove(former);
                prompts.add(longer);
            }
            if (i % 50 == 0) {
                claimsNoMore(limited, whole, prompts.get(random.nextInt(prompts.size())));
            }
            if (i % 400 == 399) {
                PackedIndexCheck.check(limited);
                limited.remove(worker);
                whole.dump(worker).forEach(it -> limited.apply(worker, it));
                prompts.subList(0, 10).forEach(it -> claimsNoMore(limited, whole, it));
                assertThat(limited.match(longer)).isEqualTo(whole.match(longer));
            }
        }
        assertThat(refused).isPositive();
    }

    private static void claimsNoMore(PrefixIndex limited, PrefixIndex whole, TokenBlocks asked) {
        Map<WorkerId, Integer> held = whole.match(asked).toMap();
        limited.match(asked)
                .toMap()
                .forEach(
                        (worker, blocks) ->
                                assertThat(blocks)
                                        .isLessThanOrEqualTo(held.getOrDefault(worker, 0)));
    }

    private static TokenBlocks longer(TokenBlocks prompt, SplittableRandom random) {
        long[] hashes = Arrays.copyOf(prompt.blockHashes(), prompt.count() + 40);
        for (int i = prompt.count(); i < hashes.length; i++) {
            hashes[i] = random.nextLong();
        }
        return TokenBlocks.of(16, hashes);
    }

    private static Stored below(TokenBlocks former, TokenBlocks longer) {
        var blocks = new ArrayList<StoredBlock>();
        for (int i = former.count(); i < longer.count(); i++) {
            blocks.add(
                    new StoredBlock(
                            new SequenceHash(longer.sequenceHash(i)),
                            new BlockHash(longer.blockHash(i))));
        }
        return new Stored(
                former.count() == 0
                        ? Optional.empty()
                        : Optional.of(new SequenceHash(former.sequenceHash(former.count() - 1))),
                blocks);
    }

    /// Neither prompt has a block that another one has, whose use would keep it.
    @Test
    void whatIsMatchedStays() {
        var index = new PackedPrefixIndex(LIMIT_BYTES);
        var random = new SplittableRandom(4);
        var fleet = new PrefixFleet(4, WORKERS, false);
        var worker = new WorkerId(1);
        TokenBlocks used = longer(TokenBlocks.of(16), random);
        TokenBlocks unused = longer(TokenBlocks.of(16), random);
        index.apply(worker, below(TokenBlocks.of(16), used));
        index.apply(worker, below(TokenBlocks.of(16), unused));
        for (int i = 0; i < 3_000; i++) {
            TokenBlocks other = fleet.prompt();
            fleet.stored(worker, other).forEach(it -> index.apply(worker, it));
            assertThat(index.match(used).blocks(worker)).isEqualTo(used.count());
        }
        assertThat(index.match(unused).blocks(worker)).isZero();
    }

    @Test
    void whatWasForgottenCanBeRemovedAndStoredAgain() {
        var index = new PackedPrefixIndex(1 << 20);
        var fleet = new PrefixFleet(5, WORKERS, true);
        var worker = new WorkerId(1);
        List<TokenBlocks> prompts = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            prompts.add(fleet.prompt());
            fleet.stored(worker, prompts.getLast()).forEach(it -> index.apply(worker, it));
        }
        for (TokenBlocks prompt : prompts) {
            for (Removed event : fleet.removed(worker, prompt)) {
                index.apply(worker, event);
            }
        }
        PackedIndexCheck.check(index);
        fleet.stored(worker, prompts.getFirst()).forEach(it -> index.apply(worker, it));
        assertThat(index.match(prompts.getFirst()).blocks(worker)).isEqualTo(128);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void arraysShrinkWhenEverythingIsRemoved(boolean ownNames) {
        var index = new PackedPrefixIndex();
        long base = index.bytes();
        var fleet = new PrefixFleet(6, WORKERS, ownNames);
        fleet.fill(index, 100_000);
        assertThat(index.bytes()).isGreaterThan(20 * base);
        for (int worker = 0; worker < WORKERS; worker++) {
            var events = index.dump(new WorkerId(worker));
            for (Stored event : events.reversed()) {
                var names = event.blocks().reversed().stream().map(it -> it.sequenceHash());
                index.apply(new WorkerId(worker), new Removed(names.toList()));
            }
            PackedIndexCheck.check(index);
        }
        assertThat(index.size()).isEqualTo(new IndexSize(0, 0, 0));
        assertThat(index.bytes()).isLessThan(1 << 16);
    }

    @Test
    void aLimitTooSmallIsRefused() {
        assertThatThrownBy(() -> new PackedPrefixIndex(1_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1000");
    }
}
