package dev.stator.tokens;

import java.util.Arrays;
import java.util.Objects;

/// An immutable sequence of token ids, each an unsigned 31-bit number.
public final class TokenIds {
    public static final TokenIds EMPTY = new TokenIds(new int[0]);

    private final int[] ids;

    private TokenIds(int[] ids) {
        this.ids = ids;
    }

    /// Copies the given ids. Throws `IllegalArgumentException` on a negative one.
    public static TokenIds of(int... ids) {
        return owning(ids.clone());
    }

    /// Takes over the given ids, which must not change any more. Throws `IllegalArgumentException`
    /// on a negative one.
    public static TokenIds owning(int[] ids) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0) {
                throw new IllegalArgumentException(
                        "token id must not be negative: [" + i + "] = " + ids[i]);
            }
        }
        return ids.length == 0 ? EMPTY : new TokenIds(ids);
    }

    public int size() {
        return ids.length;
    }

    public boolean isEmpty() {
        return ids.length == 0;
    }

    public int get(int index) {
        return ids[index];
    }

    /// The ids in `[start, end)`.
    public TokenIds slice(int start, int end) {
        Objects.checkFromToIndex(start, end, ids.length);
        return start == 0 && end == ids.length
                ? this
                : new TokenIds(Arrays.copyOfRange(ids, start, end));
    }

    /// These ids followed by `more`.
    public TokenIds concat(TokenIds more) {
        int[] joined = Arrays.copyOf(ids, ids.length + more.ids.length);
        System.arraycopy(more.ids, 0, joined, ids.length, more.ids.length);
        return new TokenIds(joined);
    }

    /// Copies `[start, start + count)` into `target` from `at` on.
    public void copyTo(int start, int[] target, int at, int count) {
        System.arraycopy(ids, start, target, at, count);
    }

    public int[] toArray() {
        return ids.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenIds that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return Arrays.toString(ids);
    }
}
