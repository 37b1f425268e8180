package dev.stator.model.tokenizer.bpe;

import java.util.Arrays;

/// A binary heap of `long`s, the smallest on top. Owned by one thread.
final class LongHeap {
    private long[] heap;
    private int size;

    LongHeap(int capacity) {
        this.heap = new long[Math.max(1, capacity)];
    }

    boolean isEmpty() {
        return size == 0;
    }

    void push(long value) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        int hole = size++;
        while (hole > 0 && heap[(hole - 1) / 2] > value) {
            heap[hole] = heap[(hole - 1) / 2];
            hole = (hole - 1) / 2;
        }
        heap[hole] = value;
    }

    /// Removes the smallest; the heap is not empty.
    long pop() {
        long smallest = heap[0];
        long last = heap[--size];
        int hole = 0;
        int child = 1;
        while (child < size) {
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
            child = 2 * hole + 1;
        }
        heap[hole] = last;
        return smallest;
    }
}
