package dev.stator.launch.cli.load;

import dev.stator.replay.load.plan.RequestSource;
import dev.stator.replay.load.plan.TraceRequests;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceFile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The flags that play a recorded trace instead of made requests.
final class TraceOptions {

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = "Plays a trace instead: Mooncake, Azure or agentic, packed or not.")
    private @Nullable Path file;

    @Option(
            names = "--speed",
            defaultValue = "1",
            paramLabel = "FACTOR",
            description = "How much faster than recorded; 0 for all at once (default: 1).")
    private double speed;

    @Option(
            names = "--max-input-tokens",
            paramLabel = "COUNT",
            description = "Leaves out requests with longer prompts.")
    private int inputTokensMax = Integer.MAX_VALUE;

    @Option(
            names = "--first",
            paramLabel = "COUNT",
            description = "Only the first requests of the trace.")
    private int requestsMax = Integer.MAX_VALUE;

    /// Requests and what is to be said of them.
    record Playing(RequestSource source, String words) {}

    /// Empty when no trace is named. Throws `IOException` or `TraceException` when it is none.
    Optional<Playing> source() throws IOException {
        if (file == null) {
            return Optional.empty();
        }
        Trace whole = TraceFile.read(file);
        var part =
                new Trace(
                        whole.name(),
                        whole.blockSizeTokens(),
                        whole.requests().stream()
                                .filter(it -> it.inputTokens() <= inputTokensMax)
                                .limit(requestsMax)
                                .toList());
        String words =
                "%s, %d of %d requests, %s"
                        .formatted(
                                part.name(),
                                part.requests().size(),
                                whole.requests().size(),
                                speed == 0 ? "all at once" : "speed " + speed);
        return Optional.of(new Playing(new TraceRequests(part, speed), words));
    }
}
