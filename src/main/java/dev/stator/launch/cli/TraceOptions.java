package dev.stator.launch.cli;

import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceSelection;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/// The flags that take a part of a trace or vary it.
final class TraceOptions {

    @Option(names = "--limit-requests", paramLabel = "N", description = "Only the first requests.")
    private @Nullable Integer requestsMax;

    @Option(
            names = "--limit-sessions",
            paramLabel = "N",
            description = "Only the first sessions, one beginning every 30 s; no sub-agents.")
    private @Nullable Integer sessionsMax;

    @Option(
            names = "--limit-input-tokens",
            paramLabel = "TOKENS",
            description = "With --limit-sessions: none that has a longer prompt.")
    private int inputTokensMax = Integer.MAX_VALUE;

    @Option(
            names = "--share-prefix-blocks",
            paramLabel = "N",
            description = "Give the first blocks of all sessions the same ids.")
    private int sharedBlocks;

    Trace select(Trace whole) {
        Trace trace = whole;
        if (sessionsMax != null) {
            trace =
                    TraceSelection.firstSessions(
                            trace, positive(sessionsMax, "limit-sessions"), inputTokensMax);
        }
        if (requestsMax != null) {
            trace = TraceSelection.firstRequests(trace, positive(requestsMax, "limit-requests"));
        }
        return sharedBlocks == 0
                ? trace
                : TraceSelection.sharePrefix(trace, positive(sharedBlocks, "share-prefix-blocks"));
    }

    private static int positive(int value, String flag) {
        if (value < 1) {
            throw new IllegalArgumentException(flag + " must be positive: " + value);
        }
        return value;
    }
}
