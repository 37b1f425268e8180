package dev.stator.frontend;

import dev.stator.frontend.admin.BusyThresholdAdmin;
import dev.stator.frontend.explain.DecisionSource;

/// What a frontend can tell operators about what stands behind it, and what it lets them change.
public record Operations(
        HealthSource health, DecisionSource decisions, BusyThresholdAdmin thresholds) {

    /// Nothing of routing.
    public static Operations of(HealthSource health) {
        return of(health, DecisionSource.none());
    }

    /// Nothing to change.
    public static Operations of(HealthSource health, DecisionSource decisions) {
        return new Operations(health, decisions, BusyThresholdAdmin.NONE);
    }
}
