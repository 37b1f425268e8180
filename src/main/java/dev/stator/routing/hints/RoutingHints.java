package dev.stator.routing.hints;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What a request says to the router about itself.
///
/// @param expectedOutputTokens how long its output will be, as the client believes
/// @param session the chain of turns it belongs to
/// @param pin the only worker it may go to
/// @param allowed the unsigned instance ids of the only processes it may go to
/// @param taints the kinds of workers it must or would rather go to
/// @param overrides what is configured otherwise for it
/// @param adapter what a worker must have loaded besides the model
public record RoutingHints(
        OptionalInt expectedOutputTokens,
        Optional<String> session,
        Optional<WorkerPin> pin,
        Optional<Set<Long>> allowed,
        TaintRules taints,
        ConfigOverrides overrides,
        Optional<String> adapter) {

    /// Nothing is said.
    public static final RoutingHints NONE =
            new RoutingHints(
                    OptionalInt.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    TaintRules.NONE,
                    ConfigOverrides.NONE,
                    Optional.empty());

    public RoutingHints {
        allowed = allowed.map(Set::copyOf);
    }

    /// Hints of a request for the model itself.
    public RoutingHints(
            OptionalInt expectedOutputTokens,
            Optional<String> session,
            Optional<WorkerPin> pin,
            Optional<Set<Long>> allowed,
            TaintRules taints,
            ConfigOverrides overrides) {
        this(expectedOutputTokens, session, pin, allowed, taints, overrides, Optional.empty());
    }

    /// The same for an adapter; for the model itself by the empty name.
    public RoutingHints forAdapter(String name) {
        return name.isEmpty()
                ? this
                : new RoutingHints(
                        expectedOutputTokens,
                        session,
                        pin,
                        allowed,
                        taints,
                        overrides,
                        Optional.of(name));
    }

    /// The same with other overrides.
    public RoutingHints with(ConfigOverrides newOverrides) {
        return new RoutingHints(
                expectedOutputTokens, session, pin, allowed, taints, newOverrides, adapter);
    }

    /// Whether it may go to every worker.
    public boolean isOpen() {
        return pin.isEmpty()
                && allowed.isEmpty()
                && taints.required().isEmpty()
                && adapter.isEmpty();
    }

    /// Whether it says which process serves it.
    public boolean namesProcess() {
        return pin.isPresent() && pin.get().process().isPresent();
    }
}
