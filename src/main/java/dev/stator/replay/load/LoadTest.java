package dev.stator.replay.load;

import dev.stator.platform.http.client.HttpClient;
import dev.stator.replay.load.TargetProbe.Wish;
import dev.stator.replay.load.plan.RequestSource;
import dev.stator.replay.load.result.LoadSummary;
import dev.stator.replay.load.result.StreamOutcome;
import dev.stator.replay.load.result.Verdict;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// One run against one server, from finding out what it takes to the figures.
public final class LoadTest implements AutoCloseable {
    private final HttpClient client;
    private final TargetProbe probe;
    private final LoadTarget target;
    private final LoadSetup setup;
    private final LoadRun run;
    private final Map<String, String> facts;

    /// How far a run is.
    public record Progress(long nanos, long ended, long failed, int open, long outputTokens) {}

    private LoadTest(HttpClient client, Subject subject, Consumer<StreamOutcome> log) {
        this.client = client;
        this.probe = subject.probe();
        this.target = subject.target();
        this.setup = subject.setup();
        this.run = new LoadRun(target, setup, subject.source(), client, log);
        this.facts = new LinkedHashMap<>();
        facts.put("target", target.address().toString());
        facts.put("model", target.model());
        facts.put("requests as", target.api().words());
    }

    private record Subject(
            TargetProbe probe, LoadTarget target, LoadSetup setup, RequestSource source) {}

    /// Asks the server for one short answer. Throws `IOException` when it cannot be put under load.
    ///
    /// @param log is told every outcome, on an event loop; it must not block for long
    public static LoadTest open(
            Wish wish, LoadSetup setup, RequestSource source, Consumer<StreamOutcome> log)
            throws IOException, InterruptedException {
        var client = new HttpClient(setup.clientLimits(), setup.threads());
        try {
            var probe = new TargetProbe(client);
            LoadTarget target = checked(probe.find(wish), setup);
            return new LoadTest(client, new Subject(probe, target, setup, source), log);
        } catch (IOException | InterruptedException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static LoadTarget checked(LoadTarget target, LoadSetup setup) throws IOException {
        return switch (setup.check()) {
            case AUTO -> target;
            case COUNTS -> target.unsimulated();
            case TOKENS -> {
                if (target.simulated().isEmpty()) {
                    throw new IOException(
                            target.address() + " serves no simulated engine that names its tokens");
                }
                yield target;
            }
        };
    }

    /// What is run, in order: name and words.
    public Map<String, String> facts() {
        return Collections.unmodifiableMap(facts);
    }

    /// Runs to the end or until `stop`, and says what was measured.
    public LoadSummary run() throws InterruptedException {
        OptionalLong before = probe.migrations(target);
        run.run();
        OptionalLong after = probe.migrations(target);
        OptionalLong migrated =
                before.isPresent() && after.isPresent()
                        ? OptionalLong.of(after.getAsLong() - before.getAsLong())
                        : OptionalLong.empty();
        return run.recorder().summary(facts, check(), migrated);
    }

    private String check() {
        return target.simulated()
                .map(it -> "every token recomputed")
                .orElse("counts only, " + whyCounts());
    }

    private String whyCounts() {
        return setup.check() == LoadSetup.Check.COUNTS
                ? "as asked"
                : "as the target is no simulated engine that names its tokens";
    }

    /// Ends the run soon. From any thread.
    public void stop() {
        run.stop();
    }

    public Progress progress() {
        var recorder = run.recorder();
        long ended = 0;
        for (Verdict verdict : Verdict.values()) {
            ended += recorder.count(verdict);
        }
        return new Progress(
                run.nanos(),
                ended,
                recorder.count(Verdict.FAILED),
                run.open(),
                recorder.outputTokens());
    }

    @Override
    public void close() {
        run.close();
        client.close();
    }
}
