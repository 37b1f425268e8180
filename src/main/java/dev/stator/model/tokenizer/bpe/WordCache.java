package dev.stator.model.tokenizer.bpe;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// Remembers the ids of recent short words: at most `WORDS_MAX`, each of at most `WORD_CHARS_MAX`
/// characters. A word displaces whatever sits in its slot.
///
/// Shared by all threads without a lock: slots are plain references to immutable entries, so the
/// worst a race costs is encoding a word again.
///
/// A word has a key of 128 bits. Up to `PACKED_CHARS_MAX` characters are themselves the key, so
/// that looking up a common word touches its slot and its entry and nothing else; longer words have
/// a hash for a key and are compared.
final class WordCache {
    static final int WORD_CHARS_MAX = 48;
    static final int WORDS_MAX = 1 << 16;

    private static final int PACKED_CHARS_MAX = 2 * Long.BYTES / Character.BYTES;
    private static final long LOW_FACTOR = 0x9E3779B97F4A7C15L;
    private static final long HIGH_FACTOR = 0xC2B2AE3D27D4EB4FL;

    private final @Nullable Entry[] slots = new Entry[WORDS_MAX];

    /// Appends the ids of the word to `out`, or answers false when it is not remembered.
    boolean append(char[] text, int start, int end, IdBuffer out) {
        long high = high(text, start, end);
        long low = low(text, start, end);
        Entry entry = slots[slot(high, low)];
        if (entry == null || !entry.isFor(high, low, text, start, end)) {
            return false;
        }
        entry.appendTo(out);
        return true;
    }

    void put(char[] text, int start, int end, int[] ids) {
        long high = high(text, start, end);
        long low = low(text, start, end);
        slots[slot(high, low)] = new Entry(high, low, Arrays.copyOfRange(text, start, end), ids);
    }

    private static long high(char[] text, int start, int end) {
        int length = end - start;
        long high = length;
        for (int i = start + 4; i < end; i++) {
            high = length <= PACKED_CHARS_MAX ? (high << 16) | text[i] : high * 31 + text[i];
        }
        return high;
    }

    private static long low(char[] text, int start, int end) {
        long low = 0;
        for (int i = start; i < Math.min(end, start + 4); i++) {
            low = (low << 16) | text[i];
        }
        return low;
    }

    private static int slot(long high, long low) {
        long mixed = (high * HIGH_FACTOR) ^ (low * LOW_FACTOR);
        return (int) (mixed >>> (Long.SIZE - Integer.numberOfTrailingZeros(WORDS_MAX)));
    }

    private static final class Entry {
        private final long high;
        private final long low;
        private final int length;
        private final int id;
        private final char @Nullable [] word; // null when the key is the word
        private final int @Nullable [] ids; // null when it is one

        Entry(long high, long low, char[] word, int[] ids) {
            this.high = high;
            this.low = low;
            this.length = word.length;
            this.id = ids[0];
            this.word = length <= PACKED_CHARS_MAX ? null : word;
            this.ids = ids.length == 1 ? null : ids;
        }

        boolean isFor(long otherHigh, long otherLow, char[] text, int start, int end) {
            return low == otherLow
                    && high == otherHigh
                    && length == end - start
                    && (word == null || Arrays.equals(word, 0, length, text, start, end));
        }

        void appendTo(IdBuffer out) {
            if (ids == null) {
                out.add(id);
            } else {
                out.addAll(ids);
            }
        }
    }
}
