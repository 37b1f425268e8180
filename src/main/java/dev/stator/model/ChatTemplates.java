package dev.stator.model;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The Jinja sources of a model's chat templates by name, as they stand in the folder.
///
/// @param file where they were found
/// @param byName usually only "default"; some models have "tool_use" and "rag" beside it
public record ChatTemplates(Path file, Map<String, String> byName) {
    private static final String DEFAULT = "default";
    private static final String TOOL_USE = "tool_use";

    public ChatTemplates {
        byName = Map.copyOf(byName);
    }

    static ChatTemplates single(Path file, String source) {
        return new ChatTemplates(file, Map.of(DEFAULT, source));
    }

    /// The source for a conversation, `withTools` when functions are offered in it: a template made
    /// for tools wins then.
    public Optional<String> source(boolean withTools) {
        Optional<String> forTools = Optional.ofNullable(withTools ? byName.get(TOOL_USE) : null);
        return forTools.or(() -> Optional.ofNullable(byName.get(DEFAULT)));
    }
}
