package dev.stator.engine.hints;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What a client, or a gateway before it, says about a request. Engines may ignore all of it.
///
/// @param session the chain of turns it belongs to
/// @param tenant who is served, for fairness among tenants
/// @param urgency how it is ordered among waiting requests
/// @param expectedOutputTokens how long its output will be, as the client believes
/// @param pins the workers it must go to
/// @param taints the kinds of workers it must or would rather go to
/// @param router what the router is to do otherwise for this request
/// @param timeout how long it may take from when it is handed over; absent for no limit
/// @param annotations wishes by name, as in `query_instance_id`
public record RequestHints(
        Optional<String> session,
        Optional<String> tenant,
        Urgency urgency,
        OptionalInt expectedOutputTokens,
        WorkerPins pins,
        TaintRules taints,
        RouterOverrides router,
        Optional<Duration> timeout,
        Set<String> annotations) {

    /// Nothing is said.
    public static final RequestHints NONE =
            new RequestHints(
                    Optional.empty(),
                    Optional.empty(),
                    Urgency.USUAL,
                    OptionalInt.empty(),
                    WorkerPins.NONE,
                    TaintRules.NONE,
                    RouterOverrides.NONE,
                    Optional.empty(),
                    Set.of());

    /// The annotation of requests that want to know the worker and no output; a word after a colon
    /// may follow it.
    private static final String QUERY = "query_instance_id";

    public RequestHints {
        annotations = Set.copyOf(annotations);
        if (timeout.isPresent() && !timeout.get().isPositive()) {
            throw new IllegalArgumentException("timeout must be positive: " + timeout.get());
        }
    }

    /// Whether only the selected worker is asked for, and nothing is to be generated.
    public boolean asksForWorkerOnly() {
        return annotations.stream().anyMatch(it -> it.equals(QUERY) || it.startsWith(QUERY + ":"));
    }

    /// The same with other pins.
    public RequestHints with(WorkerPins newPins) {
        return new RequestHints(
                session,
                tenant,
                urgency,
                expectedOutputTokens,
                newPins,
                taints,
                router,
                timeout,
                annotations);
    }

    /// The same with another limit of time.
    public RequestHints withTimeout(Optional<Duration> newTimeout) {
        return new RequestHints(
                session,
                tenant,
                urgency,
                expectedOutputTokens,
                pins,
                taints,
                router,
                newTimeout,
                annotations);
    }
}
