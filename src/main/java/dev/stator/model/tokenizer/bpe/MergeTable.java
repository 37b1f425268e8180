package dev.stator.model.tokenizer.bpe;

/// Which pairs of neighbours merge, in which order, into what. Filled by one thread, then read by
/// any.
public final class MergeTable {
    /// What `get` answers for a pair that does not merge; larger than any merge.
    static final long NONE = LongTable.ABSENT;

    private final LongTable merges;

    /// @param mergesMax how many pairs it has room for
    public MergeTable(int mergesMax) {
        this.merges = new LongTable(mergesMax);
    }

    /// Lets `left` followed by `right` become `merged`; lower ranks merge first.
    public void put(int left, int right, int rank, int merged) {
        merges.put(key(left, right), ((long) rank << Integer.SIZE) | merged);
    }

    /// The merge of a pair as one number: ordered by rank, the merged id in its low half.
    long get(int left, int right) {
        return merges.get(key(left, right));
    }

    static int rank(long merge) {
        return (int) (merge >>> Integer.SIZE);
    }

    static int mergedId(long merge) {
        return (int) merge;
    }

    private static long key(int left, int right) {
        return ((long) left << Integer.SIZE) | right;
    }
}
