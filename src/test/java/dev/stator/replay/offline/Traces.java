package dev.stator.replay.offline;

import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceFile;
import dev.stator.replay.trace.TraceSelection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The traces of the repository, each read once.
final class Traces {
    private static final int SESSIONS = 150;
    private static final int INPUT_TOKENS_MAX = 131_072;
    private static final int SHARED_BLOCKS = 100;

    private static final Map<String, Trace> READ = new ConcurrentHashMap<>();

    private Traces() {}

    /// `conversation` or `synthetic`.
    static Trace mooncake(String name) {
        return READ.computeIfAbsent(name, _ -> read("mooncake/" + name + "_trace.jsonl.gz"));
    }

    /// `code` or `conv`.
    static Trace azure(String name) {
        return READ.computeIfAbsent(
                "azure " + name,
                _ -> read("azure-2023/AzureLLMInferenceTrace_" + name + ".csv.gz"));
    }

    static Trace wholeAgentic() {
        return read("agentic-coding/agentic_coding.jsonl.gz");
    }

    /// 150 sessions with or without a common prefix.
    static Trace agentic(boolean isShared) {
        Trace local =
                READ.computeIfAbsent(
                        "agentic",
                        _ ->
                                TraceSelection.firstSessions(
                                        wholeAgentic(), SESSIONS, INPUT_TOKENS_MAX));
        return isShared
                ? READ.computeIfAbsent(
                        "shared", _ -> TraceSelection.sharePrefix(local, SHARED_BLOCKS))
                : local;
    }

    private static Trace read(String file) {
        try {
            return TraceFile.read(Path.of("traces", file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
