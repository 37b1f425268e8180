package dev.stator.model.tokenizer.bpe;

import java.util.Arrays;

/// A growing list of token ids. Owned by one thread.
public final class IdBuffer {
    private int[] ids;
    private int size;

    public IdBuffer(int capacity) {
        this.ids = new int[Math.max(1, capacity)];
    }

    public void add(int id) {
        reserve(1);
        ids[size++] = id;
    }

    public void addAll(int[] more) {
        reserve(more.length);
        for (int id : more) {
            ids[size++] = id;
        }
    }

    public int[] toArray() {
        return Arrays.copyOf(ids, size);
    }

    private void reserve(int more) {
        if (ids.length - size < more) {
            ids = Arrays.copyOf(ids, Math.max(2 * ids.length, size + more));
        }
    }
}
