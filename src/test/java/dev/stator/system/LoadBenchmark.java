package dev.stator.system;

import dev.stator.platform.http.client.HttpAddress;
import dev.stator.replay.load.Conduct;
import dev.stator.replay.load.LoadSetup;
import dev.stator.replay.load.LoadSetup.Check;
import dev.stator.replay.load.LoadTarget.Api;
import dev.stator.replay.load.LoadTest;
import dev.stator.replay.load.TargetProbe.Wish;
import dev.stator.replay.load.plan.Arrivals;
import dev.stator.replay.load.plan.MadeRequests;
import dev.stator.replay.load.plan.MadeRequests.Limit;
import dev.stator.replay.load.plan.RequestShapes;
import dev.stator.replay.load.plan.RequestSource;
import dev.stator.replay.load.result.LatencyHistogram;
import dev.stator.replay.load.result.LoadSummary;
import dev.stator.replay.load.result.Slo;
import dev.stator.replay.load.result.Verdict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The whole path under load: processes of Stator on the loopback address with simulated engines
/// that take no time, and this process as their clients.
///
/// Without an argument all parts run; `streams`, `short` and `long` run one. Servers are first
/// warmed up by as many requests as they can answer, for a JVM that compiles has the latencies of
/// the compiler. Latencies are whole ones, the client's own share included. `-Dseconds=N` says how
/// long a part is measured.
public final class LoadBenchmark {
    private static final int STREAMS = 10_000;
    private static final int STREAM_TOKENS = 200;
    private static final int LONG_PROMPT_TOKENS = 55_000;
    private static final int SECONDS = Integer.getInteger("seconds", 20);
    private static final Duration ANSWER = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(100);

    private static long runs;

    private LoadBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        List<String> parts =
                arguments.length == 0 ? List.of("streams", "short", "long") : List.of(arguments);
        if (parts.contains("streams")) {
            streams();
        }
        if (parts.contains("short")) {
            shortPrompts();
        }
        if (parts.contains("long")) {
            longPrompts();
        }
    }

    /// Streams that are open all at once, on one process.
    private static void streams() throws Exception {
        try (var serve = StatorProcess.serve("--engine", "simulated", "--kv-blocks", "100000");
                var watcher = Executors.newVirtualThreadPerTaskExecutor()) {
            var shape = new RequestShapes(32, 0, 1, STREAM_TOKENS);
            for (int i = 0; i < 3; i++) {
                run(serve, "warming up", closed(shape, 1_000, Long.MAX_VALUE), Api.TOKENS);
            }
            Footprint before = Footprint.of(serve);
            Duration processor = serve.processorTime();
            var over = new AtomicBoolean();
            Future<Footprint> open = watcher.submit(() -> Footprint.whenOpen(serve, STREAMS, over));
            LoadSummary summary =
                    run(serve, "open streams", closed(shape, STREAMS, STREAMS), Api.TOKENS);
            double seconds = seconds(serve.processorTime().minus(processor));
            over.set(true);
            System.out.println("  " + open.get().words(before));
            System.out.printf(
                    Locale.ROOT,
                    "  %.1f s of the server's processors: %,.0f tokens/s per core%n",
                    seconds,
                    summary.tokens().output() / seconds);
        }
    }

    /// What a short prompt costs through a frontend and TCP, and inside one process.
    private static void shortPrompts() throws Exception {
        var shape = new RequestShapes(32, 0, 1, 8);
        try (var cluster = new Processes("demo")) {
            warmUp(cluster.frontend, "frontend and workers", shape, Api.TOKENS, 5);
            for (double rate : new double[] {100, 1_000}) {
                Duration processor = cluster.processorTime();
                LoadSummary summary =
                        run(
                                cluster.frontend,
                                "frontend and workers",
                                open(shape, rate),
                                Api.TOKENS);
                perRequest(summary, cluster.processorTime().minus(processor));
            }
        }
        try (var serve = StatorProcess.serve("--engine", "simulated", "--speedup-ratio", "0")) {
            warmUp(serve, "one process", shape, Api.TOKENS, 3);
            for (double rate : new double[] {100, 1_000}) {
                Duration processor = serve.processorTime();
                LoadSummary summary = run(serve, "one process", open(shape, rate), Api.TOKENS);
                perRequest(summary, serve.processorTime().minus(processor));
            }
        }
    }

    /// Text of about 220 KB, all different: as many as possible, then half as many.
    private static void longPrompts() throws Exception {
        var shape = new RequestShapes(LONG_PROMPT_TOKENS, 0, 1, 2);
        try (var cluster = new Processes("random:llama-3.2-1b")) {
            warmUp(cluster.frontend, "short text", new RequestShapes(64, 0, 1, 2), Api.TEXT, 1);
            warmUp(cluster.frontend, "220 KB", shape, Api.TEXT, 2);
            Duration processor = cluster.processorTime();
            LoadSummary most =
                    run(
                            cluster.frontend,
                            "220 KB, 4 users",
                            closed(shape, 4, Long.MAX_VALUE),
                            Api.TEXT);
            perRequest(most, cluster.processorTime().minus(processor));
            double half = most.perSecond(most.count(Verdict.COMPLETED)) / 2;
            run(cluster.frontend, "220 KB, half of that", open(shape, half), Api.TEXT);
        }
    }

    /// As many requests as the server can answer to four users, `rounds` times as long as a part is
    /// measured.
    private static void warmUp(
            StatorProcess server, String name, RequestShapes shape, Api api, int rounds)
            throws Exception {
        for (int i = 0; i < rounds; i++) {
            run(server, name + ", warming up", closed(shape, 4, Long.MAX_VALUE), api);
        }
    }

    private static RequestSource closed(RequestShapes shape, int users, long requests) {
        return MadeRequests.closed(shape, limit(requests), users, 0);
    }

    private static RequestSource open(RequestShapes shape, double perSecond) {
        var arrivals = Arrivals.poisson(perSecond, new SplittableRandom(runs));
        return MadeRequests.open(shape, limit(Long.MAX_VALUE), arrivals);
    }

    /// Every run has prompts of its own.
    private static Limit limit(long requests) {
        return new Limit(requests, Duration.ofSeconds(SECONDS).toNanos(), ++runs);
    }

    private static LoadSummary run(StatorProcess server, String name, RequestSource source, Api api)
            throws Exception {
        var wish =
                new Wish(
                        HttpAddress.parse(server.url()),
                        Optional.empty(),
                        Optional.of(api),
                        true,
                        Optional.empty());
        var conduct = new Conduct(0, Duration.ZERO, 0, runs);
        Check check = api == Api.TOKENS ? Check.TOKENS : Check.COUNTS;
        var setup = new LoadSetup(conduct, Slo.NONE, 12_000, ANSWER, 1, check);
        try (LoadTest test = LoadTest.open(wish, setup, source, _ -> {})) {
            LoadSummary summary = test.run();
            print(name, summary);
            return summary;
        }
    }

    private static void print(String name, LoadSummary summary) {
        System.out.printf(
                Locale.ROOT,
                "%s: %,d requests, %,d completed, %,d failed, %s, %.0f requests/s, %,.0f"
                        + " tokens/s%n",
                name,
                summary.sent(),
                summary.count(Verdict.COMPLETED),
                summary.count(Verdict.FAILED),
                summary.isFaultless()
                        ? "faultless"
                        : summary.verification() + " " + summary.reasons(),
                summary.perSecond(summary.sent()),
                summary.perSecond(summary.tokens().output()));
        print("TTFT", summary.latencies().ttft());
        print("end to end", summary.latencies().endToEnd());
        print("sent late by", summary.latencies().lag());
    }

    private static void print(String name, LatencyHistogram histogram) {
        System.out.printf(
                Locale.ROOT,
                "  %-12s p50 %.2f ms, p99 %.2f ms, max %.1f ms%n",
                name,
                histogram.quantileNanos(0.5) / 1e6,
                histogram.quantileNanos(0.99) / 1e6,
                histogram.maxNanos() / 1e6);
    }

    private static void perRequest(LoadSummary summary, Duration processor) {
        System.out.printf(
                Locale.ROOT,
                "  %.2f ms of the servers' processors for each request%n",
                1e3 * seconds(processor) / summary.sent());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /// What a server occupies while so many streams are open.
    ///
    /// @param liveBytes of its heap; 0 where that was not measured
    private record Footprint(int streams, long liveBytes, long residentBytes) {
        private static final Pattern OPEN =
                Pattern.compile("(?m)^dynamo_frontend_inflight_requests\\{.*} (\\d+)");

        static Footprint of(StatorProcess server) throws Exception {
            return new Footprint(0, server.liveBytes(), server.residentBytes());
        }

        /// When so many are open, or else when the most are before the run is over.
        static Footprint whenOpen(StatorProcess server, int streams, AtomicBoolean over)
                throws Exception {
            var most = new Footprint(0, 0, 0);
            while (!over.get()) {
                int open = open(server);
                if (open >= streams) {
                    long resident = server.residentBytes();
                    return new Footprint(open, server.liveBytes(), resident);
                }
                most = open > most.streams ? new Footprint(open, 0, server.residentBytes()) : most;
                LockSupport.parkNanos(POLL.toNanos());
            }
            return most;
        }

        private static int open(StatorProcess server) throws Exception {
            Matcher gauge = OPEN.matcher(server.get("/metrics").body());
            return gauge.find() ? Integer.parseInt(gauge.group(1)) : 0;
        }

        String words(Footprint before) {
            return String.format(
                    Locale.ROOT,
                    "%,d open at once, %.1f KiB resident for each%s",
                    streams,
                    each(residentBytes - before.residentBytes),
                    liveBytes == 0
                            ? ""
                            : ", %.1f KiB of live heap"
                                    .formatted(each(liveBytes - before.liveBytes)));
        }

        private double each(long bytes) {
            return bytes / 1024.0 / Math.max(1, streams);
        }
    }

    /// A frontend and two workers that meet in a folder, without brokers.
    private static final class Processes implements AutoCloseable {
        final StatorProcess frontend;
        private final Path folder;
        private final List<StatorProcess> all = new ArrayList<>();

        Processes(String model) throws Exception {
            folder = Files.createTempDirectory("stator-load");
            for (int i = 0; i < 2; i++) {
                StatorProcess worker =
                        start(
                                "worker",
                                List.of(
                                        "--model-path",
                                        model,
                                        "--engine",
                                        "simulated",
                                        "--speedup-ratio",
                                        "0",
                                        "--kv-blocks",
                                        "65536",
                                        "--kv-events-config",
                                        Cluster.KV_EVENTS));
                worker.awaitLine(line -> line.contains("Ctrl-C stops"));
            }
            frontend = start("frontend", List.of("--http-host", "127.0.0.1", "--http-port", "0"));
            frontend.awaitLine(line -> line.contains("is served by"));
        }

        private StatorProcess start(String command, List<String> flags) {
            List<String> arguments = new ArrayList<>(List.of(command));
            arguments.addAll(flags);
            arguments.addAll(
                    List.of(
                            "--discovery-backend",
                            "file",
                            "--file-kv",
                            folder.toString(),
                            "--event-plane",
                            "zmq"));
            StatorProcess process = StatorProcess.start(arguments.toArray(String[]::new));
            all.add(process);
            return process;
        }

        /// Of frontend and workers together.
        Duration processorTime() {
            return all.stream()
                    .map(StatorProcess::processorTime)
                    .reduce(Duration.ZERO, Duration::plus);
        }

        @Override
        public void close() throws IOException {
            all.forEach(StatorProcess::close);
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
