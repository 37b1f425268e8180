package dev.stator.launch.topology;

import dev.stator.platform.codec.JsonField;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the fields of a topology have in common.
final class Fields {
    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,6})(ms|s|m)");

    private Fields() {}

    /// Refuses an object with a member of another name.
    static void requireKnown(JsonField object, Set<String> names) {
        object.members()
                .forEach(
                        (name, member) -> {
                            if (!names.contains(name)) {
                                throw member.invalid(
                                        "is unknown, known here are "
                                                + String.join(", ", new TreeSet<>(names)));
                            }
                        });
    }

    /// The members of an object, none when it is absent.
    static Map<String, JsonField> members(JsonField object) {
        return object.optional().map(JsonField::members).orElse(Map.of());
    }

    /// The items of an array, none when it is absent.
    static List<JsonField> items(JsonField array) {
        return array.optional().map(JsonField::items).orElse(List.of());
    }

    /// A duration such as `500ms`, `30s` or `2m`.
    static Duration duration(JsonField field, Duration otherwise) {
        if (!field.isPresent()) {
            return otherwise;
        }
        Matcher matcher = field.isString() ? DURATION.matcher(field.string()) : null;
        if (matcher == null || !matcher.matches()) {
            throw field.invalid("must be a duration such as 500ms, 30s or 2m");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }
}
