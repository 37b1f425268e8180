package dev.stator.model.tokenizer.bpe;

/// The merging of one long word, O(n log n), so that one endless word costs hardly more per byte
/// than a sentence.
///
/// The symbols are a doubly linked list over the positions of the word's bytes; a merge keeps the
/// left symbol's position and unlinks the right one. The heap holds (rank, position) of every pair
/// that arose. An entry is stale when the pair now at its position has another rank: pairs and
/// ranks correspond one to one, so equal ranks mean the same pair.
final class LongWord {
    private static final int NOWHERE = -1;

    private final MergeTable merges;
    private final int[] ids;
    private final int[] next;
    private final int[] previous;
    private final long[] candidates; // [i] is the merge of the symbol at i and the one after it
    private final LongHeap heap;

    LongWord(int[] ids, MergeTable merges) {
        int size = ids.length;
        this.merges = merges;
        this.ids = ids;
        this.next = new int[size];
        this.previous = new int[size];
        this.candidates = new long[size];
        this.heap = new LongHeap(size);
        for (int i = 0; i < size; i++) {
            previous[i] = i - 1;
            next[i] = i + 1 < size ? i + 1 : NOWHERE;
            propose(i);
        }
    }

    int[] encode() {
        int symbols = ids.length;
        while (!heap.isEmpty()) {
            long entry = heap.pop();
            int position = (int) entry;
            long candidate = candidates[position];
            if (candidate != MergeTable.NONE && MergeTable.rank(candidate) == entry >>> 32) {
                merge(position);
                symbols--;
            }
        }
        return collect(symbols);
    }

    private void merge(int position) {
        int absorbed = next[position];
        int after = next[absorbed];
        ids[position] = MergeTable.mergedId(candidates[position]);
        candidates[absorbed] = MergeTable.NONE;
        next[position] = after;
        if (after != NOWHERE) {
            previous[after] = position;
        }
        propose(position);
        if (previous[position] != NOWHERE) {
            propose(previous[position]);
        }
    }

    private void propose(int position) {
        int right = next[position];
        candidates[position] =
                right == NOWHERE ? MergeTable.NONE : merges.get(ids[position], ids[right]);
        if (candidates[position] != MergeTable.NONE) {
            heap.push((long) MergeTable.rank(candidates[position]) << Integer.SIZE | position);
        }
    }

    private int[] collect(int symbols) {
        int[] collected = new int[symbols];
        int count = 0;
        for (int i = 0; i != NOWHERE; i = next[i]) {
            collected[count++] = ids[i];
        }
        return collected;
    }
}
