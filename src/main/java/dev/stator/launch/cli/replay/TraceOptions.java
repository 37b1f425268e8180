package dev.stator.launch.cli.replay;

import dev.stator.launch.cli.options.Flags;
import dev.stator.replay.trace.MooncakeWriter;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceFile;
import dev.stator.replay.trace.TraceSelection;
import dev.stator.replay.trace.generator.CustomerLoad;
import dev.stator.replay.trace.generator.SessionLoad;
import dev.stator.replay.trace.generator.SiblingLoad;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.io.IOException;
import java.nio.file.Path;

/// The flags that name a trace, or make one, and take a part of it.
final class TraceOptions {

    @Spec(Target.MIXEE)
    private @Nullable CommandSpec spec; // set by picocli

    @Parameters(
            index = "0",
            paramLabel = "TRACE",
            description = {
                "A file in the format of Mooncake, Azure or kv-cache-tester,",
                "packed by gzip or not; or made: b2b (customers with long contexts),",
                "b2b-ladder (the same from 3 to 60 requests per second), chat (sessions),",
                "siblings (bursts of requests that share a new prefix)."
            })
    private String trace = "";

    @Option(
            names = "--rate",
            defaultValue = "20",
            paramLabel = "N",
            description = "Made traces: requests per second (default: 20).")
    private double rate;

    @Option(
            names = "--seconds",
            defaultValue = "300",
            paramLabel = "N",
            description = "Made traces: how long requests arrive (default: 300).")
    private double seconds;

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
    private @Nullable Integer sharedBlocks;

    @Option(
            names = "--export",
            paramLabel = "FILE",
            description =
                    "Also write what is played in Mooncake's format; packed if it ends in .gz.")
    private @Nullable Path export;

    /// Reads or makes it, from `seed` in the latter case.
    Trace open(long seed) throws IOException {
        Trace whole =
                switch (trace) {
                    case "b2b" ->
                            Flags.checked(spec, () -> CustomerLoad.published(rate, seconds))
                                    .trace(seed);
                    case "b2b-ladder" -> CustomerLoad.ladder().trace(seed);
                    case "siblings" ->
                            Flags.checked(spec, () -> SiblingLoad.agents(rate, seconds))
                                    .trace(seed);
                    case "chat" ->
                            Flags.checked(spec, () -> SessionLoad.chat(rate, seconds)).trace(seed);
                    default -> TraceFile.read(Path.of(trace));
                };
        Trace part = Flags.checked(spec, () -> part(whole));
        if (export != null) {
            MooncakeWriter.write(part, export);
        }
        return part;
    }

    private Trace part(Trace whole) {
        Trace part = whole;
        if (sessionsMax != null) {
            int sessions = positive(sessionsMax, "limit-sessions");
            part = TraceSelection.firstSessions(part, sessions, inputTokensMax);
        }
        if (requestsMax != null) {
            part = TraceSelection.firstRequests(part, positive(requestsMax, "limit-requests"));
        }
        if (sharedBlocks != null) {
            part = TraceSelection.sharePrefix(part, positive(sharedBlocks, "share-prefix-blocks"));
        }
        if (part.requests().isEmpty()) {
            throw new IllegalArgumentException("no request of " + whole.name() + " is left");
        }
        return part;
    }

    private static int positive(int value, String flag) {
        if (value < 1) {
            throw new IllegalArgumentException(flag + " must be positive: " + value);
        }
        return value;
    }
}
