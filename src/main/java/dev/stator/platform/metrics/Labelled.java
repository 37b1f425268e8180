package dev.stator.platform.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// A metric in all its label values. Hold the children that are used often. Thread-safe.
///
/// The caller bounds how many combinations there are: no text of a client becomes a label.
public final class Labelled<T> {
    private final int labels;
    private final Function<String[], T> child;
    private final Map<List<String>, T> children = new ConcurrentHashMap<>();

    Labelled(String[] labels, Function<String[], T> child) {
        this.labels = labels.length;
        this.child = child;
    }

    /// The child with these values, in the order of the labels' names.
    public T with(String... values) {
        if (values.length != labels) {
            throw new IllegalArgumentException(
                    "%d label values expected: %s".formatted(labels, List.of(values)));
        }
        return children.computeIfAbsent(List.of(values), _ -> child.apply(values));
    }
}
