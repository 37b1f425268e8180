package dev.stator.routing;

import dev.stator.routing.hints.ConfigOverrides;
import dev.stator.routing.hints.RoutingHints;
import dev.stator.routing.hints.TaintRules;
import dev.stator.routing.hints.WorkerPin;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// Requests that say one thing each.
public final class Hints {
    private Hints() {}

    /// @param process negative for any
    /// @param rank negative for any
    public static RoutingHints pin(long process, int rank) {
        var pin =
                new WorkerPin(
                        process < 0 ? OptionalLong.empty() : OptionalLong.of(process),
                        rank < 0 ? OptionalInt.empty() : OptionalInt.of(rank));
        return hints(Optional.empty(), Optional.of(pin), TaintRules.NONE, ConfigOverrides.NONE);
    }

    public static RoutingHints kinds(Set<String> required, Map<String, Double> preferred) {
        return hints(
                Optional.empty(),
                Optional.empty(),
                new TaintRules(required, preferred),
                ConfigOverrides.NONE);
    }

    public static RoutingHints session(String id) {
        return hints(Optional.of(id), Optional.empty(), TaintRules.NONE, ConfigOverrides.NONE);
    }

    public static RoutingHints overrides(ConfigOverrides overrides) {
        return hints(Optional.empty(), Optional.empty(), TaintRules.NONE, overrides);
    }

    private static RoutingHints hints(
            Optional<String> session,
            Optional<WorkerPin> pin,
            TaintRules taints,
            ConfigOverrides overrides) {
        return new RoutingHints(
                OptionalInt.empty(), session, pin, Optional.empty(), taints, overrides);
    }
}
