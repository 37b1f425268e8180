package dev.stator.model.template;

import java.util.Map;

/// Where we differ from Python on purpose, each with the reason. A probe that agrees again must
/// leave this list.
final class KnownDeviations {
    static final Map<String, String> REASONS = Map.ofEntries(Map.entry("?", "?"));

    private KnownDeviations() {}
}
