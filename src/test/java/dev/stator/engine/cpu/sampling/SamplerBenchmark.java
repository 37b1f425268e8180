package dev.stator.engine.cpu.sampling;

import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.tokens.CacheNamespace;
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

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// One token out of the vocabulary of Qwen3, by kind of sampling.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SamplerBenchmark {
    private static final int VOCABULARY = 151_936;

    public enum Kind {
        GREEDY,
        FULL,
        TOP_K,
        TOP_P,
        BOTH;

        private SamplingParams params() {
            return switch (this) {
                case GREEDY -> SamplingParams.GREEDY;
                case FULL -> sampling(1, 0, 1);
                case TOP_K -> sampling(1, 50, 1);
                case TOP_P -> sampling(1, 0, 0.95);
                case BOTH -> sampling(0.7, 20, 0.8);
            };
        }

        private static SamplingParams sampling(double temperature, int topK, double topP) {
            return new SamplingParams(temperature, topK, topP, 0, 0, 0, 1, 1, Map.of());
        }
    }

    @Param public Kind kind = Kind.GREEDY;

    @Param({"false", "true"})
    public boolean logprobs;

    private final Sampler sampler = new Sampler(VOCABULARY);
    private final float[] logits = new float[VOCABULARY];
    private final int[] tokens = new int[64];
    private GenerationRequest request = request();

    @Setup
    public void fill() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < VOCABULARY; i++) {
            logits[i] = (float) (2.5 * random.nextGaussian());
        }
        request = request();
    }

    @Benchmark
    public GeneratedToken sample() {
        return sampler.sample(logits, request, tokens, tokens.length);
    }

    private GenerationRequest request() {
        return new GenerationRequest(
                "bench",
                TokenIds.of(tokens),
                kind.params(),
                new StopConditions(10, 0, Set.of()),
                logprobs ? OptionalInt.of(5) : OptionalInt.empty(),
                CacheNamespace.SHARED);
    }
}
