package dev.stator.launch.indexer;

import java.util.Comparator;

/// What a prefix index is about: engines of another model or group are never in the same one.
///
/// @param group has no colon, so that `model:group` names one pair only
public record IndexKey(String model, String group) implements Comparable<IndexKey> {
    public static final String DEFAULT_GROUP = "default";

    private static final int NAME_CHARS_MAX = 256;
    private static final Comparator<IndexKey> ORDER =
            Comparator.comparing(IndexKey::model).thenComparing(IndexKey::group);

    /// Throws `IllegalArgumentException` when a name is empty, too long or not allowed.
    public IndexKey {
        require("model_name", model);
        require("routing_group", group);
        if (group.contains(":")) {
            throw new IllegalArgumentException(
                    "routing_group must not contain a colon: \"" + group + "\"");
        }
    }

    private static void require(String field, String name) {
        if (name.isBlank() || name.length() > NAME_CHARS_MAX) {
            String shown = name.substring(0, Math.min(name.length(), NAME_CHARS_MAX));
            throw new IllegalArgumentException(
                    "%s must have 1 to %d characters: \"%s\""
                            .formatted(field, NAME_CHARS_MAX, shown));
        }
    }

    @Override
    public int compareTo(IndexKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return model + ":" + group;
    }
}
