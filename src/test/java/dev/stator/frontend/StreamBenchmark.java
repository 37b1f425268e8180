package dev.stator.frontend;

import dev.stator.engine.Engine;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.TokenSink;
import dev.stator.engine.batching.BatchingEngine;
import dev.stator.engine.simulated.TimingModel;
import dev.stator.platform.http.HttpLimits;
import dev.stator.testing.RawHttp;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What the frontend costs: streams of a simulated engine, read over loopback by clients in this
/// process.
///
/// One row per load. The CPU figures are those of the event loops (`http`) and of the engine's step
/// thread, which decodes and writes the chunks; the clients run on other threads and are not
/// counted. "Added" is the time from a token's delivery by the engine to its arrival at the client,
/// so the engine's own time is not in it.
public final class StreamBenchmark {
    private static final int TOKENS = 200;
    private static final int WARM_UP_TOKENS = 100;

    private final TimestampingEngine engine;
    private final TestFrontend frontend;
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    private StreamBenchmark(BatchingEngine simulated, int streams) {
        this.engine = new TimestampingEngine(simulated);
        this.frontend = new TestFrontend(engine, HttpLimits.DEFAULT, streams);
    }

    /// Runs all rows, or those whose numbers of streams are given.
    public static void main(String[] arguments) throws Exception {
        System.out.printf(
                "%8s %9s %12s %10s %10s %14s %10s %10s%n",
                "streams",
                "step ms",
                "tokens/s",
                "http us",
                "step us",
                "tokens/s/core",
                "p50 ms",
                "p99 ms");
        for (String row : new String[] {"1:1", "100:0.5", "1000:0.1", "2000:0"}) {
            int streams = Integer.parseInt(row.substring(0, row.indexOf(':')));
            if (arguments.length == 0 || List.of(arguments).contains(Integer.toString(streams))) {
                run(streams, Double.parseDouble(row.substring(row.indexOf(':') + 1)));
            }
        }
    }

    private static void run(int streams, double speedup) throws Exception {
        try (BatchingEngine simulated =
                SimulatedEngines.open(streams, new TimingModel(0, speedup))) {
            var benchmark = new StreamBenchmark(simulated, streams);
            try {
                benchmark.round(streams, WARM_UP_TOKENS);
                benchmark.round(streams, WARM_UP_TOKENS);
                benchmark.measure(streams, speedup);
            } finally {
                benchmark.frontend.close();
                benchmark.clients.close();
            }
        }
    }

    private void measure(int streams, double speedup) throws Exception {
        long loopsBefore = cpuNanos("http");
        long stepBefore = cpuNanos("engine");
        long begin = System.nanoTime();
        long[] added = round(streams, TOKENS);
        double seconds = (System.nanoTime() - begin) / 1e9;
        double loops = (cpuNanos("http") - loopsBefore) / 1e3 / added.length;
        double step = (cpuNanos("engine") - stepBefore) / 1e3 / added.length;
        Arrays.sort(added);
        System.out.printf(
                Locale.ROOT,
                "%8d %9s %12.0f %10.2f %10.2f %14.0f %10.3f %10.3f%n",
                streams,
                speedup == 0 ? "none" : String.format(Locale.ROOT, "%.1f", 5.74 / speedup),
                added.length / seconds,
                loops,
                step,
                1e6 / (loops + step),
                added[added.length / 2] / 1e6,
                added[(int) (added.length * 0.99)] / 1e6);
    }

    /// Opens all streams and reads them to the end; the added nanoseconds of every token.
    private long[] round(int streams, int tokens) throws Exception {
        engine.emitted.clear();
        var ready = new CyclicBarrier(streams);
        List<Future<long[]>> readers = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            int number = i;
            readers.add(clients.submit(() -> read(number, tokens, ready)));
        }
        long[] added = new long[streams * tokens];
        int count = 0;
        for (int i = 0; i < streams; i++) {
            long[] arrived = readers.get(i).get();
            long[] emitted = Objects.requireNonNull(engine.emitted.get(id(i)));
            for (int token = 0; token < tokens; token++) {
                added[count++] = arrived[token] - emitted[token];
            }
        }
        return added;
    }

    private long[] read(int number, int tokens, CyclicBarrier ready) throws Exception {
        long[] arrived = new long[tokens];
        String more = ",\"stream\":true,\"max_tokens\":" + tokens + ",\"cache_salt\":\"";
        String body = TestFrontend.body(more + id(number) + "\"").replace("hi", id(number));
        try (RawHttp client = connect()) {
            ready.await();
            client.post(TestFrontend.CHAT, body);
            client.readUntil("\"role\":\"assistant\"");
            client.readUntil("\n\n");
            for (int i = 0; i < tokens; i++) {
                client.readUntil("\n\n");
                arrived[i] = System.nanoTime();
            }
            client.readUntil("data: [DONE]");
        }
        return arrived;
    }

    private RawHttp connect() throws IOException {
        return RawHttp.connect(frontend.frontend().address().getPort());
    }

    private static String id(int number) {
        return "stream " + number;
    }

    private static long cpuNanos(String threadName) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().startsWith(threadName)) {
                nanos += Math.max(0, threads.getThreadCpuTime(id));
            }
        }
        return nanos;
    }

    /// Notes when each token leaves the engine, by the salt that names the stream.
    private static final class TimestampingEngine extends ForwardingEngine {
        final Map<String, long[]> emitted = new ConcurrentHashMap<>();

        TimestampingEngine(Engine engine) {
            super(engine);
        }

        @Override
        public Generation generate(GenerationRequest request, TokenSink sink) {
            long[] times = new long[request.stops().maxTokens()];
            emitted.put(request.namespace().cacheSalt(), times);
            return super.generate(request, new TimestampingSink(sink, times));
        }
    }

    private static final class TimestampingSink implements TokenSink {
        private final TokenSink sink;
        private final long[] times;
        private int count;

        TimestampingSink(TokenSink sink, long[] times) {
            this.sink = sink;
            this.times = times;
        }

        @Override
        public void onStart(GenerationStart start) {
            sink.onStart(start);
        }

        @Override
        public void onToken(GeneratedToken token) {
            times[count++] = System.nanoTime();
            sink.onToken(token);
        }

        @Override
        public void onEnd(GenerationEnd end) {
            sink.onEnd(end);
        }
    }
}
