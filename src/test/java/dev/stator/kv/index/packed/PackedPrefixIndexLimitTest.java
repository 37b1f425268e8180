package dev.stator.kv.index.packed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.IndexSize;
import dev.stator.kv.index.PrefixFleet;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
            if (i % 500 == 499) {
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

    @Test
    void whatIsMatchedStays() {
        var index = new PackedPrefixIndex(LIMIT_BYTES);
        var fleet = new PrefixFleet(4, WORKERS, false);
        var worker = new WorkerId(1);
        TokenBlocks used = fleet.prompt();
        fleet.stored(worker, used).forEach(it -> index.apply(worker, it));
        for (int i = 0; i < 3_000; i++) {
            TokenBlocks other = fleet.prompt();
            fleet.stored(worker, other).forEach(it -> index.apply(worker, it));
            assertThat(index.match(used).blocks(worker)).isEqualTo(used.count());
        }
        assertThat(index.forgottenBlocks()).isPositive();
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
