package dev.stator.engine.cpu.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.engine.TokenLogprobs;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

class SamplerPropertyTest {
    private static final int ROWS = 10;

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void agreesWithTheNaiveSampler(long seed) {
        var random = new SplittableRandom(seed);
        int vocabulary = random.nextInt(2, 300);
        var sampler = new Sampler(vocabulary);
        for (int i = 0; i < ROWS; i++) {
            float[] logits = logits(random, vocabulary);
            float[] before = logits.clone();
            int[] tokens = tokens(random, vocabulary);
            GenerationRequest request = request(random, vocabulary, tokens);
            GeneratedToken token = sampler.sample(logits, request, tokens, tokens.length);

            assertThat(logits).isEqualTo(before);
            assertThat(token.id()).isEqualTo(new NaiveSampler(request, tokens).sample(logits));
            assertLogprobs(logits, token);
        }
    }

    private static void assertLogprobs(float[] logits, GeneratedToken token) {
        double[] expected = NaiveSampler.logprobs(logits);
        TokenLogprobs logprobs = token.logprobs().orElseThrow();
        assertThat((double) logprobs.logprob()).isCloseTo(expected[token.id()], within(1e-5));
        for (TokenLogprobs.Candidate candidate : logprobs.top()) {
            assertThat((double) candidate.logprob())
                    .isCloseTo(expected[candidate.id()], within(1e-5));
        }
        assertThat(logprobs.top())
                .extracting(TokenLogprobs.Candidate::id)
                .isEqualTo(NaiveSampler.order(expected).subList(0, logprobs.top().size()));
    }

    /// Rough values now and then, so that ties are common.
    private static float[] logits(SplittableRandom random, int vocabulary) {
        boolean rough = random.nextInt(3) == 0;
        double spread = random.nextDouble(0.1, 20);
        float[] logits = new float[vocabulary];
        for (int i = 0; i < vocabulary; i++) {
            double value = (random.nextDouble() - 0.5) * spread;
            logits[i] = (float) (rough ? Math.rint(value) : value);
        }
        return logits;
    }

    private static int[] tokens(SplittableRandom random, int vocabulary) {
        return random.ints(random.nextInt(2, 30), 0, vocabulary).toArray();
    }

    private static GenerationRequest request(
            SplittableRandom random, int vocabulary, int[] tokens) {
        int promptTokens = random.nextInt(1, tokens.length);
        int[] prompt = Arrays.copyOf(tokens, promptTokens);
        boolean plain = random.nextInt(4) == 0;
        var sampling =
                new SamplingParams(
                        random.nextInt(5) == 0 ? 0 : random.nextDouble(0.1, 2),
                        random.nextInt(2) * random.nextInt(1, 80),
                        random.nextBoolean() ? 1 : random.nextDouble(0.01, 1),
                        random.nextInt(3) == 0 ? random.nextDouble(0.3) : 0,
                        plain ? 0 : random.nextDouble(),
                        plain ? 0 : random.nextDouble(),
                        plain ? 1 : random.nextDouble(0.8, 1.5),
                        random.nextLong(),
                        plain ? Map.of() : Map.of(random.nextInt(vocabulary), 2.5));
        var stops = new StopConditions(40, random.nextInt(20), Set.of(random.nextInt(vocabulary)));
        return new GenerationRequest(
                "r",
                TokenIds.of(prompt),
                sampling,
                stops,
                OptionalInt.of(random.nextInt(10)),
                CacheNamespace.SHARED);
    }
}
