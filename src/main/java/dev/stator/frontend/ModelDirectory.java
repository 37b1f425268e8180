package dev.stator.frontend;

import java.util.List;
import java.util.Optional;

/// Which models are served at this moment. Thread-safe.
public interface ModelDirectory {

    /// In a stable order.
    List<ServedModel> all();

    default boolean isEmpty() {
        return all().isEmpty();
    }

    default Optional<ServedModel> find(String name) {
        return all().stream().filter(model -> model.name().equals(name)).findFirst();
    }

    /// A directory that does not change.
    static ModelDirectory of(ServedModel... models) {
        List<ServedModel> fixed = List.of(models);
        return () -> fixed;
    }
}
