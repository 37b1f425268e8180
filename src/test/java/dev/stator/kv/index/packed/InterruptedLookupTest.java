package dev.stator.kv.index.packed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.Overlaps;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// Changes between two steps of a lookup, and lookups between two steps of a change, at steps that
/// a seed chooses. A lookup must find every block as it was at some moment while it ran.
class InterruptedLookupTest {
    private static final int WORKERS = 3;
    private static final WorkerId STRANGER = new WorkerId(WORKERS);
    private static final int BASE = 16;
    private static final int TAIL = 5;
    private static final int CHANGES = 60;
    private static final int STEPS_MAX = 24;

    private final PackedPrefixIndex index =
            new PackedPrefixIndex(Long.MAX_VALUE, arena -> new SteppedChains(arena, this::step));
    private final List<TokenBlocks> prompts = new ArrayList<>();
    private final List<Set<Long>> held = new ArrayList<>(); // sequence hashes, by worker
    private final List<List<Set<Long>>> moments = new ArrayList<>(); // of the lookup that runs
    private SplittableRandom random = new SplittableRandom(0);
    private Runnable interruption = () -> {};
    private int stepsLeft = -1;
    private int interruptionsLeft;

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void aLookupSeesEveryBlockAsItWasAtSomeMoment(long seed) {
        random = new SplittableRandom(seed);
        long[] base = random.longs(BASE).toArray();
        for (int i = 0; i < 3; i++) {
            prompts.add(prompt(i == 2 ? hashes(prompts.getFirst()) : base));
        }
        for (int i = 0; i < WORKERS; i++) {
            held.add(new HashSet<>());
        }
        for (int i = 0; i < CHANGES; i++) {
            if (random.nextBoolean()) {
                change();
            } else if (random.nextBoolean()) {
                lookUpWhileThingsChange();
            } else {
                changeWhileSomebodyLooks();
            }
        }
        PackedIndexCheck.check(index);
    }

    private void lookUpWhileThingsChange() {
        TokenBlocks prompt = anyPrompt();
        moments.clear();
        moments.add(copyOfHeld());
        interrupt(1 + random.nextInt(3), this::changeSome);
        Overlaps overlaps = index.match(prompt);
        interrupt(0, () -> {});
        check(prompt, overlaps);
    }

    private void changeWhileSomebodyLooks() {
        TokenBlocks prompt = anyPrompt();
        List<Overlaps> seen = new ArrayList<>();
        moments.clear();
        moments.add(copyOfHeld());
        interrupt(2, () -> seen.add(index.match(prompt)));
        change();
        interrupt(0, () -> {});
        moments.add(copyOfHeld());
        seen.forEach(it -> check(prompt, it));
    }

    private void check(TokenBlocks prompt, Overlaps overlaps) {
        for (int worker = 0; worker < WORKERS; worker++) {
            int blocks = overlaps.blocks(new WorkerId(worker));
            for (int i = 0; i < blocks; i++) {
                assertThat(isHeld(worker, prompt, i, true)).as("block %d is held", i).isTrue();
            }
            if (blocks < prompt.count()) {
                assertThat(isHeld(worker, prompt, blocks, false))
                        .as("block %d of %d is missing", blocks, worker)
                        .isTrue();
            }
        }
    }

    /// Whether the worker had, or had not, the block at some moment.
    private boolean isHeld(int worker, TokenBlocks prompt, int block, boolean wanted) {
        return moments.stream()
                .anyMatch(it -> it.get(worker).contains(prompt.sequenceHash(block)) == wanted);
    }

    private void interrupt(int times, Runnable what) {
        interruptionsLeft = times;
        stepsLeft = times == 0 ? -1 : random.nextInt(STEPS_MAX);
        interruption = what;
    }

    private void step() {
        if (stepsLeft-- == 0) {
            interruption.run();
            stepsLeft = --interruptionsLeft > 0 ? random.nextInt(STEPS_MAX / 4) : -1;
        }
    }

    private void changeSome() {
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            change();
            moments.add(copyOfHeld());
        }
        if (random.nextInt(20) == 0) {
            reuseEverything();
        }
    }

    private void change() {
        int worker = random.nextInt(WORKERS);
        TokenBlocks prompt = anyPrompt();
        if (random.nextBoolean()) {
            int blocks = random.nextBoolean() ? prompt.count() : BASE + random.nextInt(TAIL);
            store(new WorkerId(worker), prompt.prefix(blocks));
            for (int i = 0; i < blocks; i++) {
                held.get(worker).add(prompt.sequenceHash(i));
            }
        } else {
            int from = random.nextInt(4) == 0 ? 0 : BASE + random.nextInt(TAIL);
            remove(new WorkerId(worker), prompt, from);
            for (int i = from; i < prompt.count(); i++) {
                held.get(worker).remove(prompt.sequenceHash(i));
            }
        }
    }

    /// Gives back and takes again more than the quarantine keeps.
    private void reuseEverything() {
        for (int i = 0; i < 150; i++) {
            TokenBlocks other = prompt(random.longs(1 + random.nextInt(BASE)).toArray());
            store(STRANGER, other);
            remove(STRANGER, other, 0);
        }
    }

    private void store(WorkerId worker, TokenBlocks prompt) {
        var blocks = new ArrayList<StoredBlock>();
        for (int i = 0; i < prompt.count(); i++) {
            blocks.add(new StoredBlock(name(prompt, i), new BlockHash(prompt.blockHash(i))));
        }
        index.apply(worker, new Stored(Optional.empty(), blocks));
    }

    private void remove(WorkerId worker, TokenBlocks prompt, int from) {
        var names = new ArrayList<SequenceHash>();
        for (int i = prompt.count() - 1; i >= from; i--) {
            names.add(name(prompt, i));
        }
        index.apply(worker, new Removed(names));
    }

    private TokenBlocks anyPrompt() {
        return prompts.get(random.nextInt(prompts.size()));
    }

    private List<Set<Long>> copyOfHeld() {
        return held.stream().map(Set::copyOf).toList();
    }

    private TokenBlocks prompt(long[] above) {
        long[] hashes = Arrays.copyOf(above, above.length + TAIL);
        for (int i = above.length; i < hashes.length; i++) {
            hashes[i] = random.nextLong();
        }
        return TokenBlocks.of(16, hashes);
    }

    private static long[] hashes(TokenBlocks prompt) {
        return prompt.blockHashes();
    }

    private static SequenceHash name(TokenBlocks prompt, int block) {
        return new SequenceHash(prompt.sequenceHash(block));
    }
}
