package dev.stator.routing.hints;

import java.util.Map;
import java.util.Set;

/// The kinds of workers a request must or would rather go to.
///
/// @param required a worker without one of these is not eligible
/// @param preferred weight by taint: positive to go there, negative to avoid it
public record TaintRules(Set<String> required, Map<String, Double> preferred) {
    public static final TaintRules NONE = new TaintRules(Set.of(), Map.of());

    public TaintRules {
        required = Set.copyOf(required);
        preferred = Map.copyOf(preferred);
    }
}
