package dev.stator.engine.cpu.sampling;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/// What a `Sampler` means: doubles, and all tokens sorted.
final class NaiveSampler {
    private final GenerationRequest request;
    private final List<Integer> prompt;
    private final List<Integer> output;

    NaiveSampler(GenerationRequest request, int[] tokens) {
        int promptTokens = request.prompt().size();
        this.request = request;
        this.prompt = Arrays.stream(tokens, 0, promptTokens).boxed().toList();
        this.output = Arrays.stream(tokens, promptTokens, tokens.length).boxed().toList();
    }

    int sample(float[] logits) {
        SamplingParams params = request.sampling();
        double[] row = adjusted(logits);
        List<Integer> order = order(row);
        if (params.temperature() == 0) {
            return order.getFirst();
        }
        double best = row[order.getFirst()];
        double[] weights = new double[row.length];
        Arrays.setAll(weights, id -> Math.exp((row[id] - best) / params.temperature()));
        List<Integer> kept = truncate(order, weights);
        double total = kept.stream().mapToDouble(id -> weights[id]).sum();
        double target = CounterRandom.unit(params.seed(), output.size()) * total;
        double mass = 0;
        for (int id : kept.stream().sorted().toList()) {
            mass += weights[id];
            if (mass > target) {
                return id;
            }
        }
        throw new AssertionError("nothing drawn");
    }

    /// All ids, largest number first, ties by the smaller id.
    static List<Integer> order(double[] row) {
        return IntStream.range(0, row.length)
                .boxed()
                .sorted(Comparator.comparingDouble(id -> 0.0 - row[id])) // no negative zero
                .toList();
    }

    /// Natural logarithms of the probabilities.
    static double[] logprobs(float[] logits) {
        double best = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElse(0);
        double sum =
                IntStream.range(0, logits.length)
                        .mapToDouble(i -> Math.exp(logits[i] - best))
                        .sum();
        return IntStream.range(0, logits.length)
                .mapToDouble(i -> logits[i] - best - Math.log(sum))
                .toArray();
    }

    private List<Integer> truncate(List<Integer> order, double[] weights) {
        SamplingParams params = request.sampling();
        List<Integer> kept = order;
        if (params.topK() > 0) {
            kept = kept.subList(0, Math.min(params.topK(), kept.size()));
        }
        double wanted = params.topP() * kept.stream().mapToDouble(id -> weights[id]).sum();
        double mass = 0;
        int count = 0;
        while (count < kept.size() && (params.topP() == 1 || mass < wanted)) {
            mass += weights[kept.get(count++)];
        }
        return kept.subList(0, count).stream().filter(id -> weights[id] >= params.minP()).toList();
    }

    private double[] adjusted(float[] logits) {
        SamplingParams params = request.sampling();
        double[] row = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
        params.logitBias().forEach((id, bias) -> row[id] += bias);
        var seen = new HashSet<Integer>(prompt);
        seen.addAll(output);
        for (int id : seen) {
            double penalty = params.repetitionPenalty();
            row[id] = row[id] > 0 ? row[id] / penalty : row[id] * penalty;
        }
        for (int id : output) {
            row[id] -= params.frequencyPenalty();
        }
        for (int id : new HashSet<>(output)) {
            row[id] -= params.presencePenalty();
        }
        if (output.size() < request.stops().minTokens()) {
            request.stops().stopTokenIds().forEach(id -> row[id] = Double.NEGATIVE_INFINITY);
        }
        return row;
    }
}
