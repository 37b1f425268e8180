package dev.stator.replay.load;

import dev.stator.replay.load.ledger.Discrepancies;
import dev.stator.replay.load.ledger.TokenLedger;
import dev.stator.replay.load.plan.PlannedRequest;
import dev.stator.replay.load.result.StreamOutcome;
import dev.stator.replay.load.result.TokenCounts;
import dev.stator.replay.load.result.Verdict;
import dev.stator.tokens.TokenIds;

import org.jspecify.annotations.Nullable;

/// What has come of one answer so far. Not thread-safe.
final class Tally {
    private final Shipment shipment;
    private final long sentNanos;
    private @Nullable TokenLedger ledger; // null while what must come is not known
    private Chunk.@Nullable Usage usage;
    private long firstNanos;
    private long lastNanos;
    private long gapMaxNanos;
    private int ids;
    private int pieces;
    private String finishReason = "";
    private boolean done;

    Tally(Shipment shipment, long sentNanos) {
        this.shipment = shipment;
        this.sentNanos = sentNanos;
        this.ledger = shipment.expected().map(TokenLedger::new).orElse(null);
    }

    /// Nanoseconds since the last output, 0 when this is the first, -1 when there is none in it.
    long accept(Chunk chunk, long now) {
        if (ledger == null && !chunk.prompt().isEmpty()) {
            ledger = shipment.expected(chunk.prompt()).map(TokenLedger::new).orElse(null);
        }
        chunk.finishReason().ifPresent(reason -> finishReason = reason);
        chunk.usage().ifPresent(counts -> usage = counts);
        if (!chunk.hasText() && chunk.tokens().isEmpty()) {
            return -1;
        }
        check(chunk.tokens());
        pieces++;
        long gap = firstNanos == 0 ? 0 : Math.max(1, now - lastNanos);
        if (firstNanos == 0) {
            firstNanos = now;
        }
        lastNanos = now;
        gapMaxNanos = Math.max(gapMaxNanos, gap);
        return gap;
    }

    private void check(TokenIds tokens) {
        ids += tokens.size();
        if (ledger != null) {
            for (int i = 0; i < tokens.size(); i++) {
                ledger.accept(tokens.get(i));
            }
        }
    }

    /// The stream said that nothing follows.
    void done() {
        done = true;
    }

    /// Tokens that have come, pieces where the server names no tokens.
    int tokens() {
        return ids > 0 ? ids : pieces;
    }

    /// What an answer lacks that has ended in order; empty when nothing.
    String missing() {
        if (!done) {
            return "the stream ended without [DONE]";
        }
        if (finishReason.isEmpty()) {
            return "the stream ended without a finish reason";
        }
        return shipment.simulation().isPresent() && ledger == null ? "no token ids" : "";
    }

    StreamOutcome outcome(Verdict verdict, String reason, long now) {
        PlannedRequest plan = shipment.plan();
        var counts = usage;
        return new StreamOutcome(
                plan.number(),
                plan.dueNanos(),
                sentNanos,
                firstNanos,
                now,
                gapMaxNanos,
                new TokenCounts(
                        counts == null ? plan.prompt().tokens() : counts.prompt(),
                        counts == null ? 0 : counts.cached(),
                        ids > 0 || counts == null ? tokens() : counts.output()),
                !shipment.isSlow(),
                verdict,
                reason,
                discrepancies(verdict));
    }

    /// Of an answer that was cut off, what came must be right; of a whole one, all must have come.
    private Discrepancies discrepancies(Verdict verdict) {
        boolean whole = verdict == Verdict.COMPLETED;
        int promised = whole ? promised() : 0;
        if (ledger != null) {
            return ledger.end(promised);
        }
        var counts = usage;
        if (!whole || counts == null) {
            return Discrepancies.NONE;
        }
        int came = ids > 0 ? ids : counts.output();
        return new Discrepancies(Math.max(0, promised - came), Math.max(0, came - promised), 0, 0);
    }

    /// All that was asked for when the server says that this is why it ended, else what it counts.
    private int promised() {
        if (finishReason.equals("length")) {
            return shipment.plan().outputTokens();
        }
        return usage == null ? 0 : usage.output();
    }
}
