package dev.stator.engine.hints;

import java.util.Map;
import java.util.Optional;

/// The hints that travel beside a request between processes, by the names that Dynamo gives them:
/// what a client of Dynamo says in the header `x-dynamo-meta-NAME` comes as `NAME`.
public final class RequestMetadata {
    private static final String POLICY_CLASS = "policy-class";
    private static final String TENANT = "tenant-id";
    private static final int CHARS_MAX = 256;

    private RequestMetadata() {}

    /// What is to travel. A tenant is not: those who serve need not know whom.
    public static Map<String, String> of(RequestHints hints) {
        Optional<String> policyClass = hints.urgency().policyClass();
        return policyClass.isPresent() ? Map.of(POLICY_CLASS, policyClass.get()) : Map.of();
    }

    /// The hints with what came beside their request.
    ///
    /// Throws `IllegalArgumentException` when a name is too long.
    public static RequestHints read(RequestHints hints, Map<String, String> metadata) {
        Urgency urgency = hints.urgency();
        return new RequestHints(
                hints.session(),
                name(metadata, TENANT).or(hints::tenant),
                new Urgency(
                        urgency.priority(),
                        urgency.tier(),
                        name(metadata, POLICY_CLASS).or(urgency::policyClass)),
                hints.expectedOutputTokens(),
                hints.pins(),
                hints.taints(),
                hints.router(),
                hints.timeout(),
                hints.annotations());
    }

    private static Optional<String> name(Map<String, String> metadata, String key) {
        Optional<String> name =
                Optional.ofNullable(metadata.get(key))
                        .map(String::strip)
                        .filter(it -> !it.isEmpty());
        if (name.isPresent() && name.get().length() > CHARS_MAX) {
            throw new IllegalArgumentException(
                    "metadata '%s' must have at most %d characters: %d"
                            .formatted(key, CHARS_MAX, name.get().length()));
        }
        return name;
    }
}
