package dev.stator.engine.wire;

import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenIds;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What crossing the wire costs in each format: one token with the envelope of the TCP plane, once
/// per token; a request of 4,096 tokens, once per request; a KV event of 64 blocks.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WireBenchmark {
    private static final GenerateCodec CODEC = new GenerateCodec("demo");

    @Param public WireFormat format = WireFormat.JSON;

    private final SplittableRandom random = new SplittableRandom(1);
    private final GenerationRequest request =
            new GenerationRequest(
                    "bench",
                    TokenIds.of(random.ints(4_096, 0, 150_000).toArray()),
                    SamplingParams.GREEDY,
                    new StopConditions(256, 0, Set.of(151_643, 151_645)),
                    OptionalInt.empty(),
                    CacheNamespace.SHARED);
    private final WorkerKvEvent event =
            new WorkerKvEvent(
                    new KvEventSource(new WorkerId(42), 7),
                    1_000,
                    new Stored(
                            Optional.of(new SequenceHash(random.nextLong())),
                            Stream.generate(this::block).limit(64).toList()));
    private int token;

    @Benchmark
    public byte[] writeToken() {
        token = (token + 7_919) % 150_000;
        JsonValue item = CODEC.writeItem(new GenerationItem.Produced(GeneratedToken.of(token)));
        return format.write(
                new JsonObjectBuilder().put("data", item).put("complete_final", false).build());
    }

    @Benchmark
    public List<GenerationItem> writeAndReadToken() {
        return CODEC.reader(request).read(format.read(writeToken()).get("data"));
    }

    @Benchmark
    public byte[] writeRequest() {
        return format.write(CODEC.writeRequest(request));
    }

    @Benchmark
    public GenerationRequest writeAndReadRequest() {
        return CODEC.readRequest("bench", format.read(writeRequest()));
    }

    @Benchmark
    public byte[] writeKvEvent() {
        return format.write(RouterEventJson.write(event));
    }

    @Benchmark
    public WorkerKvEvent writeAndReadKvEvent() {
        return RouterEventJson.read(format.read(writeKvEvent()));
    }

    private StoredBlock block() {
        return new StoredBlock(
                new SequenceHash(random.nextLong()), new BlockHash(random.nextLong()));
    }
}
