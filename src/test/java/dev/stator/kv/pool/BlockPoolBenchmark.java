package dev.stator.kv.pool;

import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// Time per block in a pool of 65,536 blocks of 16 tokens, for prompts of 128 blocks.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BlockPoolBenchmark {
    private static final int BLOCK_SIZE = 16;
    private static final int BLOCKS = 65_536;
    private static final int PROMPT_BLOCKS = 128;
    private static final int PROMPT_TOKENS = PROMPT_BLOCKS * BLOCK_SIZE;
    private static final int PROMPTS = 1_024; // twice what the pool holds

    private final BlockHasher hasher = new BlockHasher(BLOCK_SIZE, CacheNamespace.SHARED);
    private final BlockPool pool = new BlockPool(BLOCKS, BLOCK_SIZE, _ -> this.events++);
    private final BlockTable[] tables = new BlockTable[PROMPTS];
    private final int[][] prompts = new int[PROMPTS][];
    private long events;
    private int next;

    @Setup
    public void fill() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < PROMPTS; i++) {
            prompts[i] = random.ints(PROMPT_TOKENS, 0, 150_000).toArray();
            tables[i] = BlockTable.of(hasher, CacheNamespace.SHARED, TokenIds.of(prompts[i]));
            serve(i);
        }
    }

    /// Finds, verifies, pins and releases cached blocks.
    @Benchmark
    @OperationsPerInvocation(PROMPT_BLOCKS)
    public int hit() {
        int prompt = PROMPTS - 1 - (next++ & 255);
        int found = pool.match(tables[prompt], prompts[prompt], PROMPT_TOKENS);
        pool.release(tables[prompt]);
        return found;
    }

    /// Evicts, stores and announces as many blocks as it takes.
    @Benchmark
    @OperationsPerInvocation(PROMPT_BLOCKS)
    public long churn() {
        serve(next++ & (PROMPTS - 1));
        return events;
    }

    private void serve(int prompt) {
        BlockTable table = tables[prompt];
        pool.match(table, prompts[prompt], PROMPT_TOKENS);
        pool.grow(table, PROMPT_TOKENS);
        pool.commit(table, prompts[prompt], PROMPT_TOKENS);
        pool.release(table);
    }
}
