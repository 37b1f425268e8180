package dev.stator.kv.index;

import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.tokens.TokenBlocks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// Lookups of 128 blocks among 256 workers that hold ten million blocks; see `PrefixFleet` for who
/// holds what. Percentiles count.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PrefixIndexBenchmark {
    private static final int WORKERS = 256;

    @Param({"10000000"})
    public long heldBlocks;

    @Param({"false"})
    public boolean ownNames;

    private final PackedPrefixIndex index = new PackedPrefixIndex(1L << 30); // as of a 4 GiB heap
    private final SplittableRandom random = new SplittableRandom(2);
    private List<TokenBlocks> known = List.of();
    private TokenBlocks any = TokenBlocks.of(1);
    private TokenBlocks everywhere = TokenBlocks.of(1);
    private TokenBlocks stepped = TokenBlocks.of(1);
    private TokenBlocks unknown = TokenBlocks.of(1);

    @Setup(Level.Trial)
    public void fill() {
        var fleet = new PrefixFleet(1, WORKERS, ownNames);
        known = fleet.fill(index, heldBlocks);
        everywhere = fleet.prompt();
        stepped = fleet.prompt();
        unknown = fleet.prompt();
        for (int w = 0; w < WORKERS; w++) {
            var worker = new WorkerId(w);
            fleet.stored(worker, everywhere).forEach(it -> index.apply(worker, it));
            long[] some = new long[1 + w % PrefixFleet.PROMPT_BLOCKS];
            for (int i = 0; i < some.length; i++) {
                some[i] = stepped.blockHash(i);
            }
            TokenBlocks part = TokenBlocks.of(16, some);
            fleet.stored(worker, part).forEach(it -> index.apply(worker, it));
        }
    }

    /// A router has just hashed its prompt, so that is in the caches of the processor.
    @Setup(Level.Invocation)
    public void hash() {
        TokenBlocks prompt = known.get(random.nextInt(known.size()));
        long[] hashes = new long[prompt.count()];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = prompt.blockHash(i);
        }
        any = TokenBlocks.of(16, hashes);
    }

    /// One of many prompts: the index is larger than the caches of the processor.
    @Benchmark
    public Overlaps anyPrompt() {
        return index.match(any);
    }

    /// A prompt that all 256 workers hold whole.
    @Benchmark
    public Overlaps heldEverywhere() {
        return index.match(everywhere);
    }

    /// A prompt of which every worker holds another part: as many runs as blocks.
    @Benchmark
    public Overlaps heldInSteps() {
        return index.match(stepped);
    }

    /// A prompt of which only the document is known.
    @Benchmark
    public Overlaps unknownPrompt() {
        return index.match(unknown);
    }
}
