package dev.stator.engine.cpu.sampling;

import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.TokenLogprobs;

import java.util.Optional;

/// Draws tokens from logits as `SamplingParams` says.
///
/// The outcome depends on the arguments alone: token number `i` of a request uses random number `i`
/// of its seed, and all sums are added in a fixed order. Holds scratch arrays for one row; used by
/// one thread at a time.
public final class Sampler {
    private final int vocabularySize;
    private final float[] adjusted;
    private final Penalties penalties;
    private final Candidates candidates;
    private final Logprobs logprobs;

    public Sampler(int vocabularySize) {
        this.vocabularySize = vocabularySize;
        this.adjusted = new float[vocabularySize];
        this.penalties = new Penalties(vocabularySize);
        this.candidates = new Candidates(vocabularySize);
        this.logprobs = new Logprobs(vocabularySize);
    }

    /// The token that follows `tokens`.
    ///
    /// Throws `ArithmeticException` when no logit is a finite number or one is not a number.
    ///
    /// @param logits one per token of the vocabulary; left as they are
    /// @param tokens prompt and output of the request so far, valid in `[0, tokenCount)`
    public GeneratedToken sample(
            float[] logits, GenerationRequest request, int[] tokens, int tokenCount) {
        if (logits.length != vocabularySize) {
            throw new IllegalArgumentException(
                    "expected %d logits: %d".formatted(vocabularySize, logits.length));
        }
        int outputTokens = tokenCount - request.prompt().size();
        float[] row = logits;
        if (Penalties.isNeeded(request, outputTokens)) {
            System.arraycopy(logits, 0, adjusted, 0, vocabularySize);
            penalties.apply(adjusted, request, tokens, tokenCount);
            row = adjusted;
        }
        int token = choose(row, request.sampling(), outputTokens);
        Optional<TokenLogprobs> described =
                request.topLogprobs().isPresent()
                        ? Optional.of(logprobs.of(logits, token, request.topLogprobs().getAsInt()))
                        : Optional.empty();
        return new GeneratedToken(token, described);
    }

    /// The largest logit.
    static float best(float[] logits) {
        float a = Float.NEGATIVE_INFINITY;
        float b = a;
        float c = a;
        float d = a;
        int i = 0;
        for (; i + 3 < logits.length; i += 4) {
            a = Math.max(a, logits[i]);
            b = Math.max(b, logits[i + 1]);
            c = Math.max(c, logits[i + 2]);
            d = Math.max(d, logits[i + 3]);
        }
        for (; i < logits.length; i++) {
            a = Math.max(a, logits[i]);
        }
        float best = Math.max(Math.max(a, b), Math.max(c, d));
        if (!Float.isFinite(best)) {
            throw new ArithmeticException("largest logit is " + best);
        }
        return best;
    }

    private int choose(float[] row, SamplingParams sampling, int outputTokens) {
        float best = best(row);
        if (sampling.temperature() == 0) {
            return firstEqual(row, best);
        }
        if (sampling.topK() > 0 && sampling.topK() < vocabularySize) {
            candidates.takeMostLikely(row, best, sampling.temperature(), sampling.topK());
        } else {
            candidates.takeAll(row, best, sampling.temperature());
        }
        if (sampling.topP() < 1) {
            candidates.keepMass(sampling.topP());
        }
        if (sampling.minP() > 0) {
            candidates.keepLikelierThan(sampling.minP());
        }
        return candidates.draw(CounterRandom.unit(sampling.seed(), outputTokens));
    }

    private static int firstEqual(float[] row, float best) {
        int id = 0;
        while (row[id] != best) {
            id++;
        }
        return id;
    }
}
