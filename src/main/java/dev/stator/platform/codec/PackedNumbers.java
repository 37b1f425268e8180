package dev.stator.platform.codec;

import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonNumber;

import org.jspecify.annotations.Nullable;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.RandomAccess;

/// The items of an array of whole numbers, four bytes each while all of them fit, else eight:
/// prompts and cache events are long arrays of them. Immutable; to all but the writers and
/// `JsonField` a list like any other.
final class PackedNumbers extends AbstractList<JsonValue> implements RandomAccess {
    private static final int[] NO_INTS = {};
    private static final long[] NO_LONGS = {};

    private final int[] ints; // empty when `longs` has the numbers
    private final long[] longs; // empty when `ints` has them
    private final boolean unsigned;

    /// Takes over `ints`.
    PackedNumbers(int[] ints) {
        this(ints, NO_LONGS, false);
    }

    /// Takes over `bits`.
    ///
    /// @param unsigned whether they are numbers in `[0, 2^64)` rather than in `[-2^63, 2^63)`
    PackedNumbers(long[] bits, boolean unsigned) {
        this(NO_INTS, bits, unsigned);
    }

    private PackedNumbers(int[] ints, long[] longs, boolean unsigned) {
        this.ints = ints;
        this.longs = longs;
        this.unsigned = unsigned;
    }

    @Override
    public JsonNumber get(int index) {
        return unsigned ? JsonNumber.ofUnsigned(bits(index)) : JsonNumber.of(bits(index));
    }

    @Override
    public int size() {
        return ints.length + longs.length;
    }

    long bits(int index) {
        return longs.length == 0 ? ints[index] : longs[index];
    }

    boolean isUnsigned() {
        return unsigned;
    }

    /// Whether the bits of number `index` are the number itself, as a `long` has it.
    boolean isLong(int index) {
        return !unsigned || bits(index) >= 0;
    }

    /// The numbers, if all of them are in `[min, max]`.
    Optional<int[]> within(int min, int max) {
        if (longs.length > 0) {
            return Optional.empty();
        }
        for (int number : ints) {
            if (number < min || number > max) {
                return Optional.empty();
            }
        }
        return Optional.of(ints.clone());
    }

    /// Gathers the items of an array: as bare numbers while all of them are whole and fit one form,
    /// as values from the first other one on. Used once.
    static final class Collector {
        private static final int LENGTH_MIN = 8;
        private static final int GROWTH = 4;

        private final int expected;
        private int[] ints;
        private long @Nullable [] longs; // from the first number on that is no int
        private int size;
        private boolean hasNegative;
        private boolean hasUnsigned; // above the longs
        private @Nullable List<JsonValue> values; // from the first other item on

        /// @param expected so many items; a claim that is believed as items come
        /// @param room for so many before the first is known
        Collector(int expected, int room) {
            this.expected = expected;
            this.ints = new int[Math.min(expected, room)];
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
                boolean isLarge = number < 0;
                hasUnsigned |= isLarge;
                if (isLarge) {
                    appendLong(number);
                } else {
                    append(number);
                }
            }
        }

        JsonArray array() {
            return new JsonArray(values == null ? packed() : values);
        }

        private PackedNumbers packed() {
            if (longs != null) {
                return new PackedNumbers(
                        size == longs.length ? longs : Arrays.copyOf(longs, size), hasUnsigned);
            }
            return new PackedNumbers(size == ints.length ? ints : Arrays.copyOf(ints, size));
        }

        private void append(long number) {
            int narrow = (int) number;
            if (longs != null || narrow != number) {
                appendLong(number);
                return;
            }
            if (size == ints.length) {
                ints = Arrays.copyOf(ints, grown());
            }
            ints[size++] = narrow;
        }

        private void appendLong(long number) {
            long[] wide = longs == null ? widened() : longs;
            if (size == wide.length) {
                wide = Arrays.copyOf(wide, grown());
            }
            wide[size++] = number;
            longs = wide;
        }

        private long[] widened() {
            long[] wide = new long[ints.length];
            for (int i = 0; i < size; i++) {
                wide[i] = ints[i];
            }
            ints = NO_INTS;
            return wide;
        }

        private int grown() {
            int length = Math.max(LENGTH_MIN, GROWTH * size);
            return size < expected ? Math.min(expected, length) : length;
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
