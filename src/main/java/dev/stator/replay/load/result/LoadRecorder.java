package dev.stator.replay.load.result;

import dev.stator.replay.load.ledger.Discrepancies;
import dev.stator.replay.load.result.LoadSummary.Latencies;
import dev.stator.replay.load.result.LoadSummary.Verification;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Collects what happens in a run. Thread-safe; what it holds does not grow with the run.
public final class LoadRecorder {
    /// Reasons that are told apart; the rest are counted as one.
    private static final int REASONS_MAX = 64;

    private static final String OTHER = "other reasons";

    private final Slo slo;
    private final LatencyHistogram ttft = new LatencyHistogram();
    private final LatencyHistogram gap = new LatencyHistogram();
    private final LatencyHistogram perToken = new LatencyHistogram();
    private final LatencyHistogram endToEnd = new LatencyHistogram();
    private final LatencyHistogram lag = new LatencyHistogram();
    private final Periods periods = new Periods();
    private final Map<Verdict, Long> ended = new EnumMap<>(Verdict.class); // guarded by this
    private final Map<String, Long> reasons = new TreeMap<>(); // guarded by this
    private TokenCounts tokens = new TokenCounts(0, 0, 0); // guarded by this
    private Discrepancies found = Discrepancies.NONE; // guarded by this
    private long good; // guarded by this
    private long lastNanos; // guarded by this

    public LoadRecorder(Slo slo) {
        this.slo = slo;
        for (Verdict verdict : Verdict.values()) {
            ended.put(verdict, 0L);
        }
    }

    /// A request was sent so long after it was due.
    public void sent(long lagNanos) {
        lag.record(lagNanos);
    }

    /// So many tokens came at once.
    public void arrived(long atNanos, int count) {
        periods.tokens(atNanos, count);
    }

    /// A stream whose latency counts waited so long for its next token.
    public void gap(long nanos) {
        gap.record(nanos);
    }

    /// A request ended.
    public void ended(StreamOutcome outcome) {
        if (outcome.isMeasured() && outcome.hasBegun()) {
            ttft.record(outcome.ttftNanos());
        }
        if (outcome.isMeasured() && outcome.verdict() == Verdict.COMPLETED) {
            endToEnd.record(outcome.endToEndNanos());
            if (outcome.tokens().output() > 1) {
                perToken.record(outcome.perTokenNanos());
            }
        }
        periods.ended(outcome.endNanos(), outcome.verdict() == Verdict.COMPLETED);
        count(outcome);
    }

    private synchronized void count(StreamOutcome outcome) {
        ended.merge(outcome.verdict(), 1L, Long::sum);
        if (!outcome.reason().isEmpty()) {
            boolean known = reasons.containsKey(outcome.reason());
            boolean room = reasons.size() < REASONS_MAX;
            reasons.merge(known || room ? outcome.reason() : OTHER, 1L, Long::sum);
        }
        TokenCounts more = outcome.tokens();
        tokens =
                new TokenCounts(
                        tokens.prompt() + more.prompt(),
                        tokens.cached() + more.cached(),
                        tokens.output() + more.output());
        found = found.plus(outcome.discrepancies());
        good += slo.isMetBy(outcome) ? 1 : 0;
        lastNanos = Math.max(lastNanos, outcome.endNanos());
    }

    /// Requests that ended so.
    public synchronized long count(Verdict verdict) {
        return ended.getOrDefault(verdict, 0L);
    }

    /// Output tokens of the requests that have ended.
    public synchronized long outputTokens() {
        return tokens.output();
    }

    /// Everything so far.
    ///
    /// @param facts what was run
    /// @param how what outputs were held against
    public synchronized LoadSummary summary(
            Map<String, String> facts, String how, OptionalLong migrated) {
        return new LoadSummary(
                facts,
                lastNanos,
                new EnumMap<>(ended),
                new TreeMap<>(reasons),
                migrated,
                slo,
                good,
                tokens,
                new Latencies(
                        ttft.copy(), gap.copy(), perToken.copy(), endToEnd.copy(), lag.copy()),
                new Verification(how, found),
                periods.list());
    }
}
