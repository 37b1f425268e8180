package dev.stator.tokens;

import org.jspecify.annotations.Nullable;

import java.util.function.LongConsumer;

/// A map from 64-bit hashes to objects without boxing. Not thread-safe.
///
/// Open addressing with linear probing at a load of at most one half; removal shifts the run back,
/// so there are no tombstones and a map that is emptied costs no longer probes. Keys may be any
/// number, `0` included: an absent value marks a free slot. The table shrinks when an eighth is
/// used.
public final class LongMap<V> {
    private static final int CAPACITY_MIN = 4;
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private long[] keys = new long[CAPACITY_MIN];
    private @Nullable Object[] values = new Object[CAPACITY_MIN];
    private int size;

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /// The value of `key`, or null.
    public @Nullable V get(long key) {
        return value(slot(key));
    }

    /// Sets the value of `key` and returns the one it had, or null.
    public @Nullable V put(long key, V value) {
        int slot = slot(key);
        V previous = value(slot);
        keys[slot] = key;
        values[slot] = value;
        if (previous == null) {
            size++;
            if (size * 2 > keys.length) {
                resize(keys.length * 2);
            }
        }
        return previous;
    }

    /// Removes `key` and returns the value it had, or null.
    public @Nullable V remove(long key) {
        int slot = slot(key);
        V previous = value(slot);
        if (previous != null) {
            values[slot] = null;
            size--;
            closeGap(slot);
            if (keys.length > CAPACITY_MIN && size * 8 < keys.length) {
                resize(keys.length / 2);
            }
        }
        return previous;
    }

    public void clear() {
        keys = new long[CAPACITY_MIN];
        values = new Object[CAPACITY_MIN];
        size = 0;
    }

    /// Calls `action` with every key, in no order. The map must not change meanwhile.
    public void forEachKey(LongConsumer action) {
        for (int i = 0; i < keys.length; i++) {
            if (values[i] != null) {
                action.accept(keys[i]);
            }
        }
    }

    /// Calls `action` with every entry, in no order. The map must not change meanwhile.
    public void forEach(EntryConsumer<? super V> action) {
        for (int i = 0; i < keys.length; i++) {
            V value = value(i);
            if (value != null) {
                action.accept(keys[i], value);
            }
        }
    }

    /// The slot that holds `key`, or the free one where it belongs.
    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = home(key);
        while (values[slot] != null && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int home(long key) {
        return (int) ((key * GOLDEN_RATIO) >>> 33) & (keys.length - 1);
    }

    /// Moves later members of the run into the free slot while that brings them nearer to home.
    private void closeGap(int free) {
        int mask = keys.length - 1;
        int gap = free;
        for (int i = (free + 1) & mask; values[i] != null; i = (i + 1) & mask) {
            int distanceFromHome = (i - home(keys[i])) & mask;
            int distanceFromGap = (i - gap) & mask;
            if (distanceFromHome >= distanceFromGap) {
                keys[gap] = keys[i];
                values[gap] = values[i];
                values[i] = null;
                gap = i;
            }
        }
    }

    private void resize(int capacity) {
        long[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new long[capacity];
        values = new Object[capacity];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }

    @SuppressWarnings("unchecked") // only put writes values
    private @Nullable V value(int slot) {
        return (V) values[slot];
    }

    /// Receives one entry.
    @FunctionalInterface
    public interface EntryConsumer<V> {
        void accept(long key, V value);
    }
}
