package dev.stator.kv.cache;

/// A process that serves an engine; equal to its instance id in discovery, an unsigned number.
public record WorkerId(long value) implements Comparable<WorkerId> {

    @Override
    public int compareTo(WorkerId other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toHexString(value);
    }
}
