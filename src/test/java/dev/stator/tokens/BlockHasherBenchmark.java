package dev.stator.tokens;

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

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// Hashes all blocks of a prompt of 4,096 tokens, with and without history.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BlockHasherBenchmark {

    @Param({"16", "64"})
    public int blockSizeTokens;

    private TokenIds prompt = TokenIds.EMPTY;

    @Setup
    public void draw() {
        prompt = TokenIds.of(new SplittableRandom(1).ints(4_096, 0, 150_000).toArray());
    }

    /// With a hasher that is kept.
    @Benchmark
    public TokenBlocks hash(Kept kept) {
        return kept.hasher(blockSizeTokens).hash(prompt);
    }

    /// With a hasher made for the request.
    @Benchmark
    public TokenBlocks hashWithNewHasher() {
        return new BlockHasher(blockSizeTokens, CacheNamespace.SHARED).hash(prompt);
    }

    /// Hashers by block size.
    @State(Scope.Benchmark)
    public static class Kept {
        private final BlockHasher sixteen = new BlockHasher(16, CacheNamespace.SHARED);
        private final BlockHasher sixtyFour = new BlockHasher(64, CacheNamespace.SHARED);

        BlockHasher hasher(int blockSizeTokens) {
            return blockSizeTokens == 16 ? sixteen : sixtyFour;
        }
    }
}
