package dev.stator.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.Engine;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.RecordingSink;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.engine.batching.BatchingConfig;
import dev.stator.engine.batching.StepReport;
import dev.stator.engine.cpu.forward.KvFormat;
import dev.stator.engine.cpu.kernels.Kernels;
import dev.stator.engine.cpu.kernels.WeightFormat;
import dev.stator.engine.cpu.packed.PackedModel;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Tokens and the bits of their logprobs are the same however the work was scheduled.
class CpuEngineEqualityTest {
    private static final int REQUESTS = 8;
    private static final int PREFIX_TOKENS = 48;
    private static final List<WeightFormat> FORMATS = List.of(WeightFormat.values());

    /// Preemptions that the property's runs have seen, so that it is known to have seen some.
    private static final AtomicLong PREEMPTIONS = new AtomicLong();

    /// How the work is scheduled.
    private record Shape(
            int threads,
            Kernels kernels,
            int sequences,
            int chunkTokens,
            int pageSize,
            int blocks) {

        /// One request at a time, whole prompts, one thread, plain loops, plenty of memory.
        static final Shape PLAIN = new Shape(1, Kernels.SCALAR, 1, 512, 16, 256);

        static Shape random(SplittableRandom random) {
            int pageSize = 4 << random.nextInt(4);
            return new Shape(
                    1 + random.nextInt(2),
                    random.nextBoolean() ? Kernels.SCALAR : Kernels.vector(),
                    1 + random.nextInt(REQUESTS),
                    1 + random.nextInt(40),
                    pageSize,
                    (200 + random.nextInt(200)) / pageSize);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#ten")
    void schedulingDoesNotChangeABit(long seed) throws InterruptedException {
        var random = new SplittableRandom(seed);
        WeightFormat format = FORMATS.get(random.nextInt(FORMATS.size()));
        List<GenerationRequest> requests = requests(random);
        Shape shape = Shape.random(random);
        try (PackedModel model = TinyModel.load(format)) {
            List<List<GeneratedToken>> plain = new ArrayList<>();
            for (GenerationRequest request : requests) {
                plain.addAll(run(model, Shape.PLAIN, List.of(request)));
            }

            assertThat(run(model, shape, requests)).as("%s, %s", format, shape).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    void preemptionDoesNotChangeABit(WeightFormat format) throws InterruptedException {
        List<GenerationRequest> requests = requests(new SplittableRandom(5));
        var crowded = new Shape(1, Kernels.SCALAR, REQUESTS, 32, 8, 28);
        long before = PREEMPTIONS.get();
        try (PackedModel model = TinyModel.load(format)) {
            List<List<GeneratedToken>> plain = run(model, Shape.PLAIN, requests);

            assertThat(run(model, crowded, requests)).isEqualTo(plain);
            assertThat(PREEMPTIONS.get()).as("preemptions").isGreaterThan(before);
        }
    }

    @Test
    void differentSeedsGiveDifferentTokens() throws InterruptedException {
        List<GenerationRequest> some = requests(new SplittableRandom(1));
        List<GenerationRequest> others = requests(new SplittableRandom(2));
        try (PackedModel model = TinyModel.load(WeightFormat.BF16)) {
            assertThat(run(model, Shape.PLAIN, some)).isNotEqualTo(run(model, Shape.PLAIN, others));
        }
    }

    private static List<List<GeneratedToken>> run(
            PackedModel model, Shape shape, List<GenerationRequest> requests)
            throws InterruptedException {
        List<RecordingSink> sinks = new ArrayList<>();
        try (Engine engine = open(model, shape)) {
            for (GenerationRequest request : requests) {
                var sink = new RecordingSink();
                sinks.add(sink);
                engine.generate(request, sink);
            }
            for (RecordingSink sink : sinks) {
                sink.awaitFinished();
            }
        }
        return sinks.stream().map(RecordingSink::tokens).toList();
    }

    private static Engine open(PackedModel model, Shape shape) {
        var batching =
                new BatchingConfig(
                        shape.sequences(),
                        512,
                        shape.chunkTokens(),
                        1,
                        Duration.ofMinutes(1),
                        REQUESTS,
                        100_000,
                        Duration.ofSeconds(1),
                        0);
        var config =
                new CpuEngineConfig(
                        "tiny",
                        "tiny",
                        TinyModel.VOCABULARY,
                        shape.blocks(),
                        shape.pageSize(),
                        KvFormat.BF16,
                        shape.threads(),
                        batching);
        var preemptionsBefore = new AtomicLong();
        return CpuEngine.open(
                config,
                model,
                shape::kernels,
                _ -> {},
                (StepReport report) ->
                        PREEMPTIONS.addAndGet(
                                report.preemptions()
                                        - preemptionsBefore.getAndSet(report.preemptions())));
    }

    /// Half of them share a prefix; all sample with penalties and report logprobs.
    private static List<GenerationRequest> requests(SplittableRandom random) {
        TokenIds prefix = ids(random, PREFIX_TOKENS);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            TokenIds own = ids(random, 1 + random.nextInt(60));
            var sampling =
                    new SamplingParams(
                            i % 3 == 0 ? 0 : 0.9,
                            40,
                            0.95,
                            0.01,
                            0.1,
                            0.1,
                            1.1,
                            random.nextLong(),
                            Map.of(3, 0.5));
            requests.add(
                    new GenerationRequest(
                            "r" + i,
                            i % 2 == 0 ? prefix.concat(own) : own,
                            sampling,
                            new StopConditions(8 + random.nextInt(40), 0, Set.of()),
                            OptionalInt.of(2),
                            CacheNamespace.SHARED));
        }
        return requests;
    }

    private static TokenIds ids(SplittableRandom random, int count) {
        return TokenIds.of(random.ints(count, 0, TinyModel.VOCABULARY).toArray());
    }
}
