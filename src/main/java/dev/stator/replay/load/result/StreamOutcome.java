package dev.stator.replay.load.result;

import dev.stator.replay.load.ledger.Discrepancies;

/// What became of one request. Times are nanoseconds since the run began.
///
/// @param number of the request in its plan
/// @param dueNanos when it was to start
/// @param sentNanos when it did
/// @param firstNanos when the first token came; 0 when none did
/// @param endNanos when it ended
/// @param gapMaxNanos the longest wait between two tokens
/// @param tokens what was asked, found and produced
/// @param isMeasured whether its latency counts; not that of readers who are slow on purpose
/// @param reason why it was rejected or failed, a few words that many share; otherwise empty
public record StreamOutcome(
        long number,
        long dueNanos,
        long sentNanos,
        long firstNanos,
        long endNanos,
        long gapMaxNanos,
        TokenCounts tokens,
        boolean isMeasured,
        Verdict verdict,
        String reason,
        Discrepancies discrepancies) {

    public boolean hasBegun() {
        return firstNanos > 0;
    }

    /// Time to first token, from when the request was due.
    public long ttftNanos() {
        return firstNanos - dueNanos;
    }

    /// Time to the end, from when the request was due.
    public long endToEndNanos() {
        return endNanos - dueNanos;
    }

    /// Mean time of the tokens after the first; 0 when there is none.
    public long perTokenNanos() {
        long more = tokens.output() - 1;
        return hasBegun() && more > 0 ? (endNanos - firstNanos) / more : 0;
    }
}
