package dev.stator.platform.codec;

import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonNumber;

import org.jspecify.annotations.Nullable;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/// The items of an array of whole numbers, eight bytes each: prompts and cache events are long
/// arrays of them. Immutable; to all but the writers and `JsonField` a list like any other.
final class PackedNumbers extends AbstractList<JsonValue> implements RandomAccess {
    private final long[] bits;
    private final boolean unsigned;

    /// Takes over `bits`.
    ///
    /// @param unsigned whether they are numbers in `[0, 2^64)` rather than in `[-2^63, 2^63)`
    PackedNumbers(long[] bits, boolean unsigned) {
        this.bits = bits;
        this.unsigned = unsigned;
    }

    @Override
    public JsonNumber get(int index) {
        return unsigned ? JsonNumber.ofUnsigned(bits[index]) : JsonNumber.of(bits[index]);
    }

    @Override
    public int size() {
        return bits.length;
    }

    long bits(int index) {
        return bits[index];
    }

    boolean isUnsigned() {
        return unsigned;
    }

    /// Whether the bits of number `index` are the number itself, as a `long` has it.
    boolean isLong(int index) {
        return !unsigned || bits[index] >= 0;
    }

    /// Gathers the items of an array: as bare numbers while all of them are whole and fit one form,
    /// as values from the first other one on. Used once.
    static final class Collector {
        private static final int LENGTH_MIN = 8;
        private static final int GROWTH = 4;

        private final int expected;
        private long[] bits;
        private int size;
        private boolean hasNegative;
        private boolean hasUnsigned; // above the longs
        private @Nullable List<JsonValue> values; // from the first other item on

        /// @param expected so many items; a claim that is believed as items come
        /// @param room for so many before the first is known
        Collector(int expected, int room) {
            this.expected = expected;
            this.bits = new long[Math.min(expected, room)];
        }

        void add(JsonValue item) {
            if (item instanceof JsonNumber number && number.isLong()) {
                addLong(number.longValue());
            } else {
                values().add(item);
            }
        }

        void addLong(long number) {
            if (values != null || (number < 0 && hasUnsigned)) {
                values().add(JsonNumber.of(number));
            } else {
                hasNegative |= number < 0;
                append(number);
            }
        }

        /// The bits of `number` as a number in `[0, 2^64)`.
        void addUnsigned(long number) {
            if (values != null || (number < 0 && hasNegative)) {
                values().add(JsonNumber.ofUnsigned(number));
            } else {
                hasUnsigned |= number < 0;
                append(number);
            }
        }

        JsonArray array() {
            return new JsonArray(values == null ? packed() : values);
        }

        private PackedNumbers packed() {
            return new PackedNumbers(
                    size == bits.length ? bits : Arrays.copyOf(bits, size), hasUnsigned);
        }

        private void append(long number) {
            if (size == bits.length) {
                int length = Math.max(LENGTH_MIN, GROWTH * size);
                bits = Arrays.copyOf(bits, size < expected ? Math.min(expected, length) : length);
            }
            bits[size++] = number;
        }

        private List<JsonValue> values() {
            List<JsonValue> known = values;
            if (known == null) {
                known = new ArrayList<>(packed());
                values = known;
            }
            return known;
        }
    }
}
