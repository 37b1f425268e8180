package dev.stator.runtime.requests;

import dev.stator.platform.codec.JsonField;

import java.util.List;

/// Reads the items of one answer in their order. Not thread-safe.
@FunctionalInterface
public interface ItemReader<I> {

    /// What one element of the wire stands for: often one item, sometimes none or several.
    ///
    /// Throws `JsonFieldException` or `IllegalArgumentException` when it is no such element.
    List<I> read(JsonField element);
}
