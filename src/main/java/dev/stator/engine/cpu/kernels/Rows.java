package dev.stator.engine.cpu.kernels;

/// Consecutive rows of a row-major matrix: row `i` starts at `data[at + i * stride]`. How many rows
/// and columns are meant is said by whoever uses it.
public record Rows(float[] data, int at, int stride) {

    /// The same rows, `rows` further down and `columns` further right.
    public Rows shift(int rows, int columns) {
        return new Rows(data, at + rows * stride + columns, stride);
    }
}
