package dev.stator.engine.cpu.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.engine.TokenLogprobs;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// The expected figures follow by hand from four tokens with the probabilities 0.1, 0.2, 0.3, 0.4.
class SamplerTest {
    private static final float[] LOGITS = {
        (float) Math.log(1), (float) Math.log(2), (float) Math.log(3), (float) Math.log(4)
    };
    private static final int DRAWS = 20_000;

    private final Sampler sampler = new Sampler(4);

    @Test
    void logprobsAreThoseOfTheRawLogits() {
        SamplingParams biased = new SamplingParams(0, 0, 1, 0, 0, 0, 1, 0, Map.of(0, 100.0));
        GeneratedToken token = sampler.sample(LOGITS, request(biased), new int[] {1}, 1);

        assertThat(token.id()).isZero();
        TokenLogprobs logprobs = token.logprobs().orElseThrow();
        assertThat(logprobs.logprob()).isCloseTo((float) Math.log(0.1), within(1e-6f));
        assertThat(logprobs.top()).extracting(TokenLogprobs.Candidate::id).containsExactly(3, 2);
        assertThat(logprobs.top().get(0).logprob()).isCloseTo((float) Math.log(0.4), within(1e-6f));
    }

    /// The numbers were computed by a Python program from the formula alone.
    @Test
    void everyDrawIsGivenBySeedAndIndex() {
        assertThat(CounterRandom.unit(42, 0)).isEqualTo(0.5961188718302076);
        assertThat(CounterRandom.unit(42, 1)).isEqualTo(0.1603653875985772);
        assertThat(CounterRandom.unit(-1, 7)).isEqualTo(0.7741445495399422);

        int[] drawn = new int[8];
        GenerationRequest request = request(sampling(1, 0, 1, 0));
        Arrays.setAll(drawn, i -> sampler.sample(LOGITS, request, new int[i + 1], i + 1).id());
        assertThat(drawn).containsExactly(2, 1, 1, 0, 3, 1, 1, 1);
    }

    @Test
    void greedyTakesTheSmallestIdOfEquals() {
        float[] ties = {1, 7, 7, 7};

        assertThat(sampler.sample(ties, request(SamplingParams.GREEDY), new int[] {1}, 1).id())
                .isEqualTo(1);
    }

    @Test
    void temperatureOneFollowsTheProbabilities() {
        assertDistribution(sampling(1, 0, 1, 0), 0.1, 0.2, 0.3, 0.4);
    }

    @Test
    void temperatureSharpens() {
        assertDistribution(sampling(0.5, 0, 1, 0), 1 / 30.0, 4 / 30.0, 9 / 30.0, 16 / 30.0);
    }

    @Test
    void topKKeepsTheMostLikely() {
        assertDistribution(sampling(1, 2, 1, 0), 0, 0, 3 / 7.0, 4 / 7.0);
    }

    @Test
    void topPKeepsTheSmallestSufficientSet() {
        assertDistribution(sampling(1, 0, 0.75, 0), 0, 2 / 9.0, 3 / 9.0, 4 / 9.0);
    }

    @Test
    void topPCountsWithinTopK() {
        assertDistribution(sampling(1, 2, 0.55, 0), 0, 0, 0, 1);
    }

    @Test
    void minPDropsTheMuchLessLikely() {
        assertDistribution(sampling(1, 0, 1, 0.45), 0, 2 / 9.0, 3 / 9.0, 4 / 9.0);
    }

    @Test
    void stopTokensAreNotSampledBeforeTheMinimum() {
        var stops = new StopConditions(10, 2, Set.of(3, 2));
        GenerationRequest request = request(SamplingParams.GREEDY, stops);

        assertThat(sampler.sample(LOGITS, request, new int[] {0, 0}, 2).id()).isEqualTo(1);
        assertThat(sampler.sample(LOGITS, request, new int[] {0, 0, 0}, 3).id()).isEqualTo(3);
    }

    @Test
    void penaltiesCountPromptAndOutputAsDefined() {
        int[] tokens = {3, 2, 2};
        SamplingParams repetition = new SamplingParams(0, 0, 1, 0, 0, 0, 10, 0, Map.of());
        SamplingParams frequency = new SamplingParams(0, 0, 1, 0, 0.6, 0, 1, 0, Map.of());
        SamplingParams presence = new SamplingParams(0, 0, 1, 0, 0, 1.5, 1, 0, Map.of());
        float[] closeCall = {0, 1, 2, 1};

        assertThat(sampler.sample(LOGITS, request(repetition), tokens, 3).id()).isEqualTo(1);
        assertThat(sampler.sample(closeCall, request(frequency), tokens, 3).id()).isEqualTo(1);
        assertThat(sampler.sample(closeCall, request(presence), tokens, 2).id()).isEqualTo(1);
    }

    @Test
    void rowsWithoutAnswerAreRefused() {
        float[] broken = {1, Float.NaN, 0, 0};
        float f = Float.NEGATIVE_INFINITY;
        float[] impossible = {f, f, f, f};
        GenerationRequest request = request(SamplingParams.GREEDY);

        assertThatThrownBy(() -> sampler.sample(broken, request, new int[] {1}, 1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> sampler.sample(impossible, request, new int[] {1}, 1))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> sampler.sample(new float[3], request, new int[] {1}, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 4 logits: 3");
    }

    @Test
    void theExponentialIsAccurate() {
        for (double x = 0; x < 90; x += 0.0137) {
            double expected = Math.exp(-x);
            assertThat(Exponential.ofNegated(x)).isCloseTo(expected, within(1e-9 * expected));
        }
        assertThat(Exponential.ofNegated(Double.POSITIVE_INFINITY)).isZero();
        assertThat(Exponential.ofNegated(0)).isEqualTo(1);
    }

    /// Chi-square with up to three degrees of freedom: 16.27 is passed once in a thousand times.
    private void assertDistribution(SamplingParams sampling, double... probabilities) {
        int[] counts = new int[4];
        int[] tokens = new int[DRAWS + 1];
        GenerationRequest request = request(sampling);
        for (int i = 0; i < DRAWS; i++) {
            counts[sampler.sample(LOGITS, request, tokens, i + 1).id()]++;
        }
        double chiSquare = 0;
        for (int id = 0; id < 4; id++) {
            double expected = probabilities[id] * DRAWS;
            if (expected == 0) {
                assertThat(counts[id]).isZero();
            } else {
                chiSquare += Math.pow(counts[id] - expected, 2) / expected;
            }
        }
        assertThat(chiSquare).isLessThan(16.27);
    }

    private static SamplingParams sampling(double temperature, int topK, double topP, double minP) {
        return new SamplingParams(temperature, topK, topP, minP, 0, 0, 1, 42, Map.of());
    }

    private static GenerationRequest request(SamplingParams sampling) {
        return request(sampling, new StopConditions(DRAWS, 0, Set.of()));
    }

    private static GenerationRequest request(SamplingParams sampling, StopConditions stops) {
        return new GenerationRequest(
                "r", TokenIds.of(0), sampling, stops, OptionalInt.of(2), CacheNamespace.SHARED);
    }
}
