package dev.stator.launch.policy;

import dev.stator.platform.codec.JsonField;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/// What the fields of a policy file have in common.
final class Fields {

    /// No limit and no threshold is larger: what a fleet can hold is far below.
    private static final long COUNT_MAX = 1_000_000_000_000L;

    /// Code that Dynamo lets others add to a build, by the names it has had in the file.
    private static final Set<String> PLUGINS =
            Set.of("admission", "queue_admission", "request_classifier", "classifier");

    private Fields() {}

    /// Refuses what asks for a plugin in words of its own, as the file is one for Dynamo.
    static void refusePlugins(JsonField object) {
        object.members()
                .forEach(
                        (name, member) -> {
                            if (PLUGINS.contains(name)) {
                                throw member.invalid(
                                        "asks for a plugin of Dynamo's, and there are none here;"
                                                + " thresholds and limits of the policy classes"
                                                + " say who waits");
                            }
                        });
    }

    /// Refuses an object with a member of another name.
    static void requireKnown(JsonField object, Set<String> names, Set<String> moreNames) {
        Set<String> known = new TreeSet<>(names);
        known.addAll(moreNames);
        object.members()
                .forEach(
                        (name, member) -> {
                            if (!known.contains(name)) {
                                throw member.invalid(
                                        "is unknown, known here are " + String.join(", ", known));
                            }
                        });
    }

    static OptionalLong count(JsonField field) {
        return field.isPresent()
                ? OptionalLong.of(field.integer(0, COUNT_MAX))
                : OptionalLong.empty();
    }

    /// A number that is not negative.
    ///
    /// @param isRatio whether it is a part of a whole and not nothing
    static OptionalDouble decimal(JsonField field, boolean isRatio) {
        if (!field.isPresent()) {
            return OptionalDouble.empty();
        }
        double value = field.number();
        if (isRatio && (value <= 0 || value > 1)) {
            throw field.invalid("must be above 0.0 and at most 1.0");
        }
        if (value < 0) {
            throw field.invalid("must not be negative");
        }
        return OptionalDouble.of(value);
    }
}
