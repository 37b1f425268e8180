package dev.stator.routing;

import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.load.Booking;
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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The whole decision about a prompt of 4,096 tokens whose first 512 all prompts share: hash,
/// match, price, select, book; and give back the booking of the request 64 decisions ago.
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RoutingDecisionBenchmark {
    private static final int PROMPT_TOKENS = 4_096;
    private static final int SHARED_TOKENS = 512;
    private static final int PROMPTS = 200;
    private static final int RUNNING = 64;

    @Param({"8", "1000"})
    public int workers;

    private final BlockHasher hasher = new BlockHasher(16, CacheNamespace.SHARED);
    private final PrefixIndex index = new PackedPrefixIndex(1L << 30); // as of a 4 GiB heap
    private final KvRouter router =
            new KvRouter(RouterConfig.DEFAULT, index, new SplittableRandom(1), System::nanoTime);
    private final List<TokenIds> prompts = new ArrayList<>();
    private final Queue<Booking> running = new ArrayDeque<>();
    private List<Candidate> candidates = List.of();
    private int next;

    @Setup
    public void fill() {
        var random = new SplittableRandom(1);
        for (int p = 0; p < PROMPTS; p++) {
            int[] ids = new int[PROMPT_TOKENS];
            for (int i = 0; i < PROMPT_TOKENS; i++) {
                ids[i] = i < SHARED_TOKENS ? i : random.nextInt(100_000);
            }
            prompts.add(TokenIds.of(ids));
        }
        candidates =
                IntStream.range(0, workers)
                        .mapToObj(it -> new Candidate(new WorkerId(it), 10_000))
                        .collect(Collectors.toUnmodifiableList()); // as the directory's are
        for (int p = 0; p < PROMPTS; p++) {
            for (int copies = 0; copies < 2; copies++) {
                hold(new WorkerId(random.nextInt(workers)), hasher.hash(prompts.get(p)));
            }
        }
    }

    @Benchmark
    public RoutingDecision decide() {
        next = next + 1 == PROMPTS ? 0 : next + 1;
        TokenIds prompt = prompts.get(next);
        TokenBlocks blocks = hasher.hash(prompt);
        var decision =
                (Routed) router.route(new RoutingQuery("r", prompt.size(), blocks, candidates));
        running.add(decision.booking());
        if (running.size() > RUNNING) {
            running.remove().close();
        }
        return decision;
    }

    private void hold(WorkerId worker, TokenBlocks prompt) {
        var blocks = new ArrayList<StoredBlock>();
        for (int i = 0; i < prompt.count(); i++) {
            blocks.add(
                    new StoredBlock(
                            new SequenceHash(prompt.sequenceHash(i)),
                            new BlockHash(prompt.blockHash(i))));
        }
        index.apply(worker, new Stored(Optional.empty(), blocks));
    }
}
