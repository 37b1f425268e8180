package dev.stator.engine.cpu.sampling;

import dev.stator.engine.TokenLogprobs;

import java.util.ArrayList;
import java.util.List;

/// Log-probabilities straight from the logits, by log-softmax in a fixed order.
final class Logprobs {
    private final float[] distances;
    private final float[] weights;

    Logprobs(int vocabularySize) {
        this.distances = new float[vocabularySize];
        this.weights = new float[vocabularySize];
    }

    TokenLogprobs of(float[] logits, int sampled, int top) {
        float best = Sampler.best(logits);
        for (int i = 0; i < logits.length; i++) {
            distances[i] = best - logits[i];
        }
        Exponential.ofNegated(distances, weights, logits.length);
        double normalizer = best + Math.log(Exponential.sum(weights, logits.length));
        List<TokenLogprobs.Candidate> candidates = new ArrayList<>(top);
        for (int id : mostLikely(logits, Math.min(top, logits.length))) {
            candidates.add(new TokenLogprobs.Candidate(id, logprob(logits[id], normalizer)));
        }
        return new TokenLogprobs(logprob(logits[sampled], normalizer), candidates);
    }

    private static float logprob(float logit, double normalizer) {
        return (float) (logit - normalizer);
    }

    /// The ids of the `count` largest logits, largest first, ties by the smaller id.
    private static int[] mostLikely(float[] logits, int count) {
        int[] ids = new int[count];
        int size = 0;
        for (int id = 0; id < logits.length; id++) {
            boolean belongs = size < count || (count > 0 && logits[id] > logits[ids[count - 1]]);
            if (!belongs) {
                continue;
            }
            int at = size < count ? size++ : count - 1;
            for (; at > 0 && logits[id] > logits[ids[at - 1]]; at--) {
                ids[at] = ids[at - 1];
            }
            ids[at] = id;
        }
        return ids;
    }
}
