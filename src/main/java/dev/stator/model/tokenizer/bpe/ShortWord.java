package dev.stator.model.tokenizer.bpe;

import java.util.Arrays;

/// The merging of one short word: the next pair is found by scanning, O(n²) with a tiny constant.
final class ShortWord {
    private final MergeTable merges;
    private final int[] ids;
    private final long[] candidates; // [i] is the merge of ids[i] and ids[i + 1]
    private int size;

    ShortWord(int[] ids, MergeTable merges) {
        this.merges = merges;
        this.ids = ids;
        this.size = ids.length;
        this.candidates = new long[size];
        for (int i = 0; i < size; i++) {
            propose(i);
        }
    }

    int[] encode() {
        for (int best = lowest(); candidates[best] != MergeTable.NONE; best = lowest()) {
            ids[best] = MergeTable.mergedId(candidates[best]);
            size--;
            System.arraycopy(ids, best + 2, ids, best + 1, size - best - 1);
            System.arraycopy(candidates, best + 2, candidates, best + 1, size - best - 1);
            propose(best);
            if (best > 0) {
                propose(best - 1);
            }
        }
        return Arrays.copyOf(ids, size);
    }

    private void propose(int i) {
        candidates[i] = i + 1 < size ? merges.get(ids[i], ids[i + 1]) : MergeTable.NONE;
    }

    /// The leftmost of the lowest rank.
    private int lowest() {
        int best = 0;
        for (int i = 1; i < size; i++) {
            if (candidates[i] < candidates[best]) {
                best = i;
            }
        }
        return best;
    }
}
