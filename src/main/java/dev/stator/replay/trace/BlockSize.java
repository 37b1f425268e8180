package dev.stator.replay.trace;

/// Finds the tokens per block that explain how many blocks each prompt of a trace has.
///
/// Traces do not say. With size B a prompt of n tokens has ceil(n / B) blocks where a partial last
/// block counts, and floor(n / B) where it does not; so every row bounds B from both sides.
final class BlockSize {

    /// What is taken when the rows leave it open.
    static final int USUAL = 512;

    private int leastIfCeil = 1;
    private int mostIfCeil = Integer.MAX_VALUE;
    private int leastIfFloor = 1;
    private int mostIfFloor = Integer.MAX_VALUE;

    void row(int tokens, int blocks) {
        if (blocks > 0) {
            leastIfCeil = Math.max(leastIfCeil, Math.ceilDiv(tokens, blocks));
            mostIfFloor = Math.min(mostIfFloor, tokens / blocks);
        }
        if (blocks > 1) {
            mostIfCeil = Math.min(mostIfCeil, Math.ceilDiv(tokens, blocks - 1) - 1);
        }
        leastIfFloor = Math.max(leastIfFloor, tokens / (blocks + 1) + 1);
    }

    /// Throws `IllegalArgumentException` when no size explains every row.
    int tokens() {
        if (leastIfCeil <= mostIfCeil) {
            return choose(leastIfCeil, mostIfCeil);
        }
        if (leastIfFloor <= mostIfFloor) {
            return choose(leastIfFloor, mostIfFloor);
        }
        throw new IllegalArgumentException(
                "no block size explains the numbers of ids: it would be at least %d and at most %d"
                        .formatted(leastIfCeil, mostIfCeil));
    }

    /// The usual one if it fits, else a power of two, else the least.
    private static int choose(int least, int most) {
        if (least <= USUAL && USUAL <= most) {
            return USUAL;
        }
        int power = Integer.highestOneBit(most);
        return power >= least ? power : least;
    }
}
