package dev.stator.engine.cpu.sampling;

import dev.stator.engine.TokenLogprobs;

import java.util.ArrayList;
import java.util.List;

/// Log-probabilities straight from the logits, by log-softmax in a fixed order.
final class Logprobs {
    private final MostLikely mostLikely = new MostLikely();
    private final double[] weights;

    Logprobs(int vocabularySize) {
        this.weights = new double[vocabularySize];
    }

    TokenLogprobs of(float[] logits, int sampled, int top) {
        double best = Sampler.best(logits);
        for (int i = 0; i < logits.length; i++) {
            weights[i] = best - logits[i];
        }
        Exponential.ofNegated(weights, logits.length);
        double normalizer = best + Math.log(Exponential.sum(weights, 0, logits.length));
        int count = mostLikely.select(logits, top);
        List<TokenLogprobs.Candidate> candidates = new ArrayList<>(count);
        for (int rank = 0; rank < count; rank++) {
            int id = mostLikely.id(rank);
            candidates.add(new TokenLogprobs.Candidate(id, logprob(logits[id], normalizer)));
        }
        return new TokenLogprobs(logprob(logits[sampled], normalizer), candidates);
    }

    private static float logprob(float logit, double normalizer) {
        return (float) (logit - normalizer);
    }
}
