package dev.stator.kv.pool;

import java.util.Arrays;

/// A list of block ids in order of use, each at most once. Every operation is O(1).
final class LruList {
    private static final int ABSENT = -1;

    private final int[] next; // circular through the sentinel at index `end`
    private final int[] previous;
    private final int end;
    private int size;

    LruList(int blocks) {
        this.end = blocks;
        this.next = new int[blocks + 1];
        this.previous = new int[blocks + 1];
        clear();
    }

    int size() {
        return size;
    }

    boolean contains(int block) {
        return next[block] != ABSENT;
    }

    /// The least recently used block; the list must not be empty.
    int first() {
        return next[end];
    }

    /// The block used next after `block`, or the number of blocks at the end.
    int after(int block) {
        return next[block];
    }

    void addLast(int block) {
        int last = previous[end];
        next[last] = block;
        previous[block] = last;
        next[block] = end;
        previous[end] = block;
        size++;
    }

    void remove(int block) {
        next[previous[block]] = next[block];
        previous[next[block]] = previous[block];
        next[block] = ABSENT;
        size--;
    }

    void clear() {
        Arrays.fill(next, ABSENT);
        next[end] = end;
        previous[end] = end;
        size = 0;
    }
}
