package dev.stator.launch.cli.load;

import dev.stator.platform.http.client.HttpAddress;
import dev.stator.replay.load.Conduct;
import dev.stator.replay.load.LoadSetup;
import dev.stator.replay.load.LoadTarget.Api;
import dev.stator.replay.load.TargetProbe.Wish;
import dev.stator.replay.load.result.Slo;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.Optional;

/// The flags that say how the server is spoken to and what is expected of it.
final class TargetOptions {
    private static final Duration SLOW_PAUSE = Duration.ofMillis(100);
    private static final double PERCENT = 100;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "Which model (default: the first that the server lists).")
    private @Nullable String model;

    @Option(
            names = "--api",
            paramLabel = "KIND",
            description =
                    "tokens (completions of token ids), text (completions), or chat; default: the"
                            + " first of these that the server takes.")
    private @Nullable Api api;

    @Option(
            names = "--plain",
            description = "Sends only what OpenAI's API knows: no ignore_eos, no return_token_ids.")
    private boolean plain;

    @Option(
            names = "--verify",
            defaultValue = "AUTO",
            paramLabel = "HOW",
            description =
                    "tokens (recomputes every token of a simulated engine), counts, or auto"
                            + " (default): tokens where possible.")
    private LoadSetup.Check verify = LoadSetup.Check.AUTO;

    @Option(
            names = "--slo-ttft",
            paramLabel = "MS",
            description = "A good answer has its first token by then.")
    private @Nullable Double sloTtft;

    @Option(
            names = "--slo-token",
            paramLabel = "MS",
            description = "A good answer needs no more for each further token, on average.")
    private @Nullable Double sloToken;

    @Option(
            names = "--slo-total",
            paramLabel = "MS",
            description = "A good answer is complete by then.")
    private @Nullable Double sloTotal;

    @Option(
            names = "--slow-readers",
            defaultValue = "0",
            paramLabel = "PERCENT",
            description = "Streams read one event each 100 ms; not in the latencies (default: 0).")
    private double slowReaders;

    @Option(
            names = "--disconnect",
            defaultValue = "0",
            paramLabel = "PERCENT",
            description = "Streams left after some of their tokens (default: 0).")
    private double disconnect;

    @Option(
            names = "--streams-max",
            defaultValue = "16000",
            paramLabel = "COUNT",
            description = "Open at once; further requests wait, and that is measured (16000).")
    private int streamsMax;

    @Option(
            names = "--timeout",
            defaultValue = "600",
            paramLabel = "SECONDS",
            description = "For a whole answer (default: 600).")
    private double timeoutSeconds;

    @Option(
            names = "--threads",
            paramLabel = "COUNT",
            description = "Threads that read (default: half of the processors).")
    private @Nullable Integer threads;

    Wish wish(HttpAddress address) {
        return new Wish(
                address,
                Optional.ofNullable(model),
                Optional.ofNullable(api),
                !plain,
                Optional.ofNullable(System.getenv("OPENAI_API_KEY")));
    }

    LoadSetup setup(long seed) {
        int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return new LoadSetup(
                new Conduct(slowReaders / PERCENT, SLOW_PAUSE, disconnect / PERCENT, seed),
                new Slo(millis(sloTtft), millis(sloToken), millis(sloTotal)),
                streamsMax,
                millis(timeoutSeconds * 1e3).orElseThrow(),
                threads == null ? half : threads,
                verify);
    }

    private static Optional<Duration> millis(@Nullable Double millis) {
        return Optional.ofNullable(millis).map(it -> Duration.ofNanos(Math.round(it * 1e6)));
    }
}
