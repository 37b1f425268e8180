package dev.stator.replay.load.ledger;

/// How an output differs from what it must have been, in tokens.
///
/// @param lost never came
/// @param repeated came again
/// @param reordered came, but behind a later one
/// @param wrong belong nowhere near
public record Discrepancies(long lost, long repeated, long reordered, long wrong) {
    public static final Discrepancies NONE = new Discrepancies(0, 0, 0, 0);

    public long total() {
        return lost + repeated + reordered + wrong;
    }

    public Discrepancies plus(Discrepancies more) {
        return new Discrepancies(
                lost + more.lost,
                repeated + more.repeated,
                reordered + more.reordered,
                wrong + more.wrong);
    }
}
