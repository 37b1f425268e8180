package dev.stator.kv.index.packed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.IndexSize;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// Prompts longer than a chain, wide branches, many runs and tables that grow and shrink, against
/// one set of sequence hashes per worker.
class LongPrefixesTest {
    private static final int WORKERS = 6;
    private static final int EVENTS = 400;

    private final PackedPrefixIndex index = new PackedPrefixIndex();
    private final Map<WorkerId, Set<Long>> held = new HashMap<>();
    private final List<TokenBlocks> prompts = new ArrayList<>();

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#ten")
    void agreesWithSetsOfHashes(long seed) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < EVENTS; i++) {
            var worker = new WorkerId(random.nextInt(WORKERS));
            Set<Long> blocks = held.computeIfAbsent(worker, _ -> new HashSet<>());
            TokenBlocks prompt = prompt(random);
            switch (random.nextInt(40)) {
                case 0 -> {
                    index.remove(worker);
                    blocks.clear();
                }
                case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 -> remove(worker, prompt, random);
                default -> store(worker, prompt, random);
            }
            if (i % 40 == 0) {
                PackedIndexCheck.check(index);
            }
            assertMatches(prompts.get(random.nextInt(prompts.size())));
        }
        for (WorkerId worker : held.keySet()) {
            assertThat(index.blocks(worker)).hasSize(held.getOrDefault(worker, Set.of()).size());
            index.remove(worker);
            PackedIndexCheck.check(index);
        }
        assertThat(index.size()).isEqualTo(new IndexSize(0, 0, 0));
    }

    /// A new one, or one that leaves an earlier one somewhere.
    private TokenBlocks prompt(SplittableRandom random) {
        long[] hashes = random.longs(1 + random.nextInt(1_200)).toArray();
        if (!prompts.isEmpty() && random.nextInt(20) > 0) {
            TokenBlocks earlier = prompts.get(random.nextInt(prompts.size()));
            int shared = random.nextInt(Math.min(hashes.length, earlier.count()) + 1);
            for (int i = 0; i < shared; i++) {
                hashes[i] = earlier.blockHash(i);
            }
            if (random.nextInt(3) == 0) {
                return earlier;
            }
        }
        prompts.add(TokenBlocks.of(16, hashes));
        return prompts.getLast();
    }

    /// In events of any size, and not always to the end.
    private void store(WorkerId worker, TokenBlocks prompt, SplittableRandom random) {
        Set<Long> blocks = held.getOrDefault(worker, Set.of());
        int end = 1 + random.nextInt(prompt.count());
        for (int from = 0; from < end; ) {
            int to = Math.min(end, from + 1 + random.nextInt(300));
            List<StoredBlock> stored = new ArrayList<>();
            for (int i = from; i < to; i++) {
                stored.add(new StoredBlock(name(prompt, i), new BlockHash(prompt.blockHash(i))));
                blocks.add(prompt.sequenceHash(i));
            }
            Optional<SequenceHash> parent =
                    from == 0 ? Optional.empty() : Optional.of(name(prompt, from - 1));
            index.apply(worker, new Stored(parent, stored));
            from = to;
        }
    }

    /// From the end on, and sometimes somewhere in the middle.
    private void remove(WorkerId worker, TokenBlocks prompt, SplittableRandom random) {
        Set<Long> blocks = held.getOrDefault(worker, Set.of());
        int from = random.nextInt(prompt.count());
        int to = random.nextInt(4) == 0 ? Math.min(from + 9, prompt.count()) : prompt.count();
        List<SequenceHash> removed = new ArrayList<>();
        for (int i = to - 1; i >= from; i--) {
            removed.add(name(prompt, i));
            blocks.remove(prompt.sequenceHash(i));
        }
        index.apply(worker, new Removed(removed));
    }

    private void assertMatches(TokenBlocks prompt) {
        Map<WorkerId, Integer> expected = new HashMap<>();
        held.forEach(
                (worker, blocks) -> {
                    int count = 0;
                    while (count < prompt.count() && blocks.contains(prompt.sequenceHash(count))) {
                        count++;
                    }
                    if (count > 0) {
                        expected.put(worker, count);
                    }
                });
        assertThat(index.match(prompt).toMap()).isEqualTo(expected);
    }

    private static SequenceHash name(TokenBlocks prompt, int block) {
        return new SequenceHash(prompt.sequenceHash(block));
    }
}
