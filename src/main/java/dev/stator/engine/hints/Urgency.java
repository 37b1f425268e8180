package dev.stator.engine.hints;

import java.util.Optional;

/// How a request is ordered among waiting ones; higher goes first.
///
/// @param priority moves it forward within its tier; negative values count for engines only
/// @param tier goes before all lower tiers, whatever their priorities; in [0, 2^32)
/// @param policyClass the kind of request it wants to be
public record Urgency(int priority, long tier, Optional<String> policyClass) {

    /// The largest tier.
    public static final long TIER_MAX = 0xFFFF_FFFFL;

    /// What nobody asked to change.
    public static final Urgency USUAL = new Urgency(0, 0);

    public Urgency {
        if (tier < 0 || tier > TIER_MAX) {
            throw new IllegalArgumentException("tier must be in [0, 2^32): " + tier);
        }
    }

    /// Of no kind in particular.
    public Urgency(int priority, long tier) {
        this(priority, tier, Optional.empty());
    }
}
