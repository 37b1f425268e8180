package dev.stator.kv.index;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// Prompts of 128 blocks whose first 32 blocks are shared, each held by every second worker down to
/// a depth of its own; one event stores or removes the 96 blocks of one prompt at one worker.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PrefixIndexBenchmark {
    private static final int BLOCKS = 128;
    private static final int SHARED_BLOCKS = 32;
    private static final BlockHasher HASHER = new BlockHasher(1, CacheNamespace.SHARED);

    @Param({"8", "256"})
    public int workers;

    @Param({"500"})
    public int prompts;

    private final PrefixIndex index = new PackedPrefixIndex();
    private final List<TokenBlocks> known = new ArrayList<>();
    private final List<KvCacheEvent> changes = new ArrayList<>();
    private int next;

    @Setup
    public void fill() {
        var random = new SplittableRandom(1);
        for (int p = 0; p < prompts; p++) {
            int[] ids = new int[BLOCKS];
            for (int i = 0; i < BLOCKS; i++) {
                ids[i] = i < SHARED_BLOCKS ? i : random.nextInt(1_000_000);
            }
            known.add(HASHER.hash(TokenIds.of(ids)));
        }
        for (int w = 0; w < workers; w++) {
            for (TokenBlocks prompt : known) {
                if (random.nextBoolean()) {
                    index.apply(new WorkerId(w), stored(prompt, 0, 1 + random.nextInt(BLOCKS)));
                }
            }
            index.apply(new WorkerId(w), stored(known.getFirst(), 0, BLOCKS));
        }
        for (TokenBlocks prompt : known) {
            changes.add(stored(prompt, SHARED_BLOCKS, BLOCKS));
            changes.add(removed(prompt));
        }
    }

    /// One of all the prompts: the tree is larger than the caches of the processor.
    @Benchmark
    public Overlaps matchAnyPrompt() {
        next = next + 1 == prompts ? 0 : next + 1;
        return index.match(known.get(next));
    }

    /// A prompt that every worker holds whole.
    @Benchmark
    public Overlaps matchWholePrompt() {
        return index.match(known.getFirst());
    }

    /// 96 blocks come or go.
    @Benchmark
    public ApplyResult apply() {
        next = next + 1 == changes.size() ? 0 : next + 1;
        return index.apply(new WorkerId(0), changes.get(next));
    }

    private static KvCacheEvent stored(TokenBlocks prompt, int from, int to) {
        var blocks = new ArrayList<StoredBlock>();
        for (int i = from; i < to; i++) {
            blocks.add(new StoredBlock(name(prompt, i), new BlockHash(prompt.blockHash(i))));
        }
        return new Stored(
                from == 0 ? Optional.empty() : Optional.of(name(prompt, from - 1)), blocks);
    }

    private static KvCacheEvent removed(TokenBlocks prompt) {
        var blocks = new ArrayList<SequenceHash>();
        for (int i = BLOCKS - 1; i >= SHARED_BLOCKS; i--) {
            blocks.add(name(prompt, i));
        }
        return new Removed(blocks);
    }

    private static SequenceHash name(TokenBlocks prompt, int block) {
        return new SequenceHash(prompt.sequenceHash(block));
    }
}
