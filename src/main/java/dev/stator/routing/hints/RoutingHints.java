package dev.stator.routing.hints;

import java.util.Optional;
import java.util.OptionalInt;

/// What a request says to the router about itself.
///
/// @param expectedOutputTokens how long its output will be, as the client believes
/// @param session the chain of turns it belongs to
/// @param pin the only worker it may go to
/// @param taints the kinds of workers it must or would rather go to
/// @param overrides what is configured otherwise for it
public record RoutingHints(
        OptionalInt expectedOutputTokens,
        Optional<String> session,
        Optional<WorkerPin> pin,
        TaintRules taints,
        ConfigOverrides overrides) {

    /// Nothing is said.
    public static final RoutingHints NONE =
            new RoutingHints(
                    OptionalInt.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    TaintRules.NONE,
                    ConfigOverrides.NONE);
}
