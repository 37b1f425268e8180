package dev.stator.routing.admission.policy;

import dev.stator.routing.hints.ConfigOverrides;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// A kind of requests: they wait in a queue of their own and share its limits and its turns.
///
/// @param name fit for a metric's label
/// @param order in which the requests of one tenant and tier go
/// @param quantumTokens uncached tokens it may send in before the next class's turn: its share
/// @param busy when its requests wait
/// @param limits how many of them may
/// @param deadline how long one may at most; absent for as long as the queue lets any
/// @param overrides what the router does otherwise for them, where they do not say it themselves
public record PolicyClass(
        String name,
        QueuePolicy order,
        long quantumTokens,
        BusyRule busy,
        QueueLimits limits,
        Optional<Duration> deadline,
        ConfigOverrides overrides) {

    /// The largest share.
    public static final long QUANTUM_TOKENS_MAX = 1_000_000_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

    public PolicyClass {
        requireName(name, "policy class");
        if (quantumTokens < 1 || quantumTokens > QUANTUM_TOKENS_MAX) {
            throw new IllegalArgumentException(
                    "quantum must be in [1, %d]: %d".formatted(QUANTUM_TOKENS_MAX, quantumTokens));
        }
        if (deadline.isPresent() && !deadline.get().isPositive()) {
            throw new IllegalArgumentException("deadline must be positive: " + deadline.get());
        }
    }

    /// Without a deadline and overrides.
    public PolicyClass(
            String name, QueuePolicy order, long quantumTokens, BusyRule busy, QueueLimits limits) {
        this(name, order, quantumTokens, busy, limits, Optional.empty(), ConfigOverrides.NONE);
    }

    /// The same with a deadline.
    public PolicyClass within(Optional<Duration> newDeadline) {
        return new PolicyClass(name, order, quantumTokens, busy, limits, newDeadline, overrides);
    }

    /// The same with overrides.
    public PolicyClass with(ConfigOverrides newOverrides) {
        return new PolicyClass(name, order, quantumTokens, busy, limits, deadline, newOverrides);
    }

    static void requireName(String name, String what) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "%s must be 1 to 128 letters, digits, '_', '.' and '-': \"%s\""
                            .formatted(what, name));
        }
    }
}
