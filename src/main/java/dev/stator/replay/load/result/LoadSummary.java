package dev.stator.replay.load.result;

import dev.stator.replay.load.ledger.Discrepancies;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// A run in figures.
///
/// @param facts what was run, in order: name and words
/// @param elapsedNanos from its beginning to the end of the last request
/// @param ended requests by verdict; every verdict is there
/// @param reasons how often each reason for a rejection or failure was given
/// @param migrated requests that went on at another worker, as far as the server counts them
/// @param good requests that met `slo`
/// @param verification what was held against what
/// @param periods what happened in each period
public record LoadSummary(
        Map<String, String> facts,
        long elapsedNanos,
        Map<Verdict, Long> ended,
        Map<String, Long> reasons,
        OptionalLong migrated,
        Slo slo,
        long good,
        TokenCounts tokens,
        Latencies latencies,
        Verification verification,
        List<Period> periods) {

    /// @param ttft from the due time to the first token
    /// @param gap between two tokens of a stream
    /// @param perToken mean gap of each stream
    /// @param endToEnd from the due time to the end of a whole answer
    /// @param lag from the due time to sending, which the other figures contain
    public record Latencies(
            LatencyHistogram ttft,
            LatencyHistogram gap,
            LatencyHistogram perToken,
            LatencyHistogram endToEnd,
            LatencyHistogram lag) {}

    /// @param how what each output was held against, in words
    public record Verification(String how, Discrepancies found) {}

    /// What ended, and the tokens that came, in one period of the run.
    ///
    /// @param fromNanos since the run began
    public record Period(long fromNanos, long nanos, long completed, long unserved, long tokens) {}

    /// The same with one more fact.
    public LoadSummary with(String name, String words) {
        Map<String, String> more = new LinkedHashMap<>(facts);
        more.put(name, words);
        return new LoadSummary(
                more,
                elapsedNanos,
                ended,
                reasons,
                migrated,
                slo,
                good,
                tokens,
                latencies,
                verification,
                periods);
    }

    public long count(Verdict verdict) {
        return Optional.ofNullable(ended.get(verdict)).orElse(0L);
    }

    public long sent() {
        return ended.values().stream().mapToLong(Long::longValue).sum();
    }

    public double perSecond(long count) {
        return elapsedNanos == 0 ? 0 : count * 1e9 / elapsedNanos;
    }

    /// Whether every request that was not rejected was answered as it must.
    public boolean isFaultless() {
        return count(Verdict.FAILED) == 0 && verification.found().total() == 0;
    }
}
