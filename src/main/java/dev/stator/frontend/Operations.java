package dev.stator.frontend;

import dev.stator.frontend.explain.DecisionSource;

/// What a frontend can tell operators about what stands behind it.
public record Operations(HealthSource health, DecisionSource decisions) {

    /// Nothing of routing.
    public static Operations of(HealthSource health) {
        return new Operations(health, DecisionSource.none());
    }
}
