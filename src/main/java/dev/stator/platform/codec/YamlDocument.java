package dev.stator.platform.codec;

import java.util.Map;

/// A YAML document as a tree, and where its fields stand.
///
/// @param lines the line of each field, from 1, by the path that `JsonField` gives it
public record YamlDocument(JsonValue value, Map<String, Integer> lines) {
    public YamlDocument {
        lines = Map.copyOf(lines);
    }

    /// The line of the field at `path`, or of the nearest field around it that is present.
    public int line(String path) {
        String nearest = path;
        while (!lines.containsKey(nearest) && !nearest.isEmpty()) {
            int end = Math.max(nearest.lastIndexOf('.'), nearest.lastIndexOf('['));
            nearest = nearest.substring(0, Math.max(0, end));
        }
        return lines.getOrDefault(nearest, 1);
    }
}
