package dev.stator.model.tokenizer.bpe;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// Remembers the ids of recent short words: at most `WORDS_MAX`, each of at most `WORD_CHARS_MAX`
/// characters. A word displaces whatever sits in its slot.
///
/// Shared by all threads without a lock: slots are plain references to immutable entries, so the
/// worst a race costs is encoding a word again.
final class WordCache {
    static final int WORD_CHARS_MAX = 48;
    static final int WORDS_MAX = 1 << 16;

    private static final int HASH_FACTOR = 0x9E3779B1;

    private final @Nullable Entry[] slots = new Entry[WORDS_MAX];

    static int hash(char[] text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = hash * 31 + text[i];
        }
        return hash * HASH_FACTOR;
    }

    /// The ids of the word, not to be changed, or null when it is not remembered.
    int @Nullable [] get(int hash, char[] text, int start, int end) {
        Entry entry = slots[slot(hash)];
        return entry != null && entry.isFor(hash, text, start, end) ? entry.ids : null;
    }

    void put(int hash, char[] text, int start, int end, int[] ids) {
        slots[slot(hash)] = new Entry(hash, Arrays.copyOfRange(text, start, end), ids);
    }

    private static int slot(int hash) {
        return hash >>> Integer.numberOfLeadingZeros(WORDS_MAX - 1);
    }

    private static final class Entry {
        final int hash;
        final char[] word;
        final int[] ids;

        Entry(int hash, char[] word, int[] ids) {
            this.hash = hash;
            this.word = word;
            this.ids = ids;
        }

        boolean isFor(int wanted, char[] text, int start, int end) {
            return hash == wanted && Arrays.equals(word, 0, word.length, text, start, end);
        }
    }
}
