package dev.stator.engine.cpu.weights;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// A tensor of a model. The data lives until it is released or its source is closed.
///
/// @param name as in the Hugging Face checkpoint, `model.layers.0.mlp.up_proj.weight`
/// @param shape outermost dimension first; one or two dimensions in the models we run
/// @param data row-major, little-endian, exactly `elements() * type().bytes()` bytes, aligned to
///     nothing
public record Tensor(String name, DType type, List<Integer> shape, MemorySegment data) {
    public Tensor {
        shape = List.copyOf(shape);
        if (data.byteSize() != elements(shape) * type.bytes()) {
            throw new IllegalArgumentException(
                    "tensor %s of %s%s needs %d bytes: %d"
                            .formatted(
                                    name,
                                    type,
                                    shape,
                                    elements(shape) * type.bytes(),
                                    data.byteSize()));
        }
    }

    /// How many numbers it holds.
    public long elements() {
        return elements(shape);
    }

    /// The outer dimension of a matrix; a vector is one row.
    public int rows() {
        return shape.size() < 2 ? 1 : shape.getFirst();
    }

    /// The inner dimension.
    public int columns() {
        return shape.isEmpty() ? 1 : shape.getLast();
    }

    /// Element `index` in row-major order.
    public float at(long index) {
        return type.read(data, index);
    }

    private static long elements(List<Integer> shape) {
        return shape.contains(0)
                ? 0
                : shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }
}
