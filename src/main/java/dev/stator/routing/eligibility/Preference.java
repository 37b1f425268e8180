package dev.stator.routing.eligibility;

import java.util.Map;
import java.util.Set;

/// How much dearer or cheaper a worker's taints make it for one request: Dynamo's multiplier.
///
/// ```
/// factor = exp(-tanh(sum of the weights of the taints it has))     in (0.367, 2.719)
/// ```
///
/// @param weights by taint: positive to go there, negative to avoid it
public record Preference(Map<String, Double> weights) {
    public Preference {
        weights = Map.copyOf(weights);
    }

    /// Whether nothing is preferred.
    public boolean isNone() {
        return weights.isEmpty();
    }

    /// What the price of a worker is multiplied by; 1 when nothing is preferred.
    public double factor(Set<String> taints) {
        if (isNone()) {
            return 1;
        }
        double sum = 0;
        for (Map.Entry<String, Double> weight : weights.entrySet()) {
            sum += taints.contains(weight.getKey()) ? weight.getValue() : 0;
        }
        return Math.exp(-Math.tanh(sum));
    }
}
