package dev.stator.kv.index;

import java.util.Arrays;

/// A set of small numbers, each standing for a worker. Not thread-safe.
final class SlotSet {
    private long[] words = new long[1];

    boolean contains(int slot) {
        int word = slot >>> 6;
        return word < words.length && (words[word] & 1L << slot) != 0;
    }

    /// Whether the slot was absent.
    boolean add(int slot) {
        int word = slot >>> 6;
        if (word >= words.length) {
            words = Arrays.copyOf(words, word + 1);
        }
        long before = words[word];
        words[word] |= 1L << slot;
        return words[word] != before;
    }

    void remove(int slot) {
        int word = slot >>> 6;
        if (word < words.length) {
            words[word] &= ~(1L << slot);
        }
    }

    boolean isEmpty() {
        for (long word : words) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    int words() {
        return words.length;
    }

    /// 64 slots at once; 0 beyond the end.
    long word(int index) {
        return index < words.length ? words[index] : 0;
    }
}
