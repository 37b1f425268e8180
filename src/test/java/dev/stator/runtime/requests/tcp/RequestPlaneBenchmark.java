package dev.stator.runtime.requests.tcp;

import com.sun.management.OperatingSystemMXBean;

import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.Requests;
import dev.stator.engine.wire.GenerationItem;
import dev.stator.engine.wire.GenerationItem.Produced;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.platform.nats.NatsClient;
import dev.stator.platform.nats.NatsConfig;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.RequestHandler;
import dev.stator.runtime.requests.RequestPlane;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamEnd.Completed;
import dev.stator.runtime.requests.StreamReceiver;
import dev.stator.runtime.requests.callhome.frames.PayloadCodec;
import dev.stator.runtime.requests.memory.MemoryRequestPlane;
import dev.stator.runtime.requests.nats.NatsPlaneConfig;
import dev.stator.runtime.requests.nats.NatsRequestPlane;
import dev.stator.testing.Eventually;
import dev.stator.testing.NatsServer;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// What a request plane costs: tokens of generations, both sides in this process.
///
/// A round trip is a request of 16 tokens and its answer of one, one after the other. A stream is
/// one of 64 that a single thread feeds token by token in turn, as an engine's step thread does.
/// The CPU is that of the whole process: both sides, the feeding, and whatever the JVM does.
public final class RequestPlaneBenchmark {
    private static final Endpoint<GenerationRequest, GenerationItem> ENDPOINT =
            WorkerProtocol.in("bench").generate("model");
    private static final GenerationItem ITEM =
            new Produced(new GeneratedToken(12_345, Optional.empty()));
    private static final int ROUND_TRIPS = 5_000;
    private static final int STREAMS = 64;
    private static final int ITEMS = 5_000;
    private static final int ROUNDS = 3;

    private final RequestPlane calling;
    private final RequestPlane serving;

    private RequestPlaneBenchmark(RequestPlane calling, RequestPlane serving) {
        this.calling = calling;
        this.serving = serving;
    }

    public static void main(String[] arguments) throws Exception {
        System.out.printf(
                "%-12s %10s %10s %14s %14s%n",
                "plane", "p50 us", "p99 us", "items/s", "items/s/core");
        var memory = new MemoryRequestPlane();
        run("memory", memory, memory);
        for (PayloadCodec codec : PayloadCodec.values()) {
            TcpPlaneConfig config = TcpPlaneConfig.DEFAULT.withCodec(codec);
            run("tcp " + codec, new TcpRequestPlane(config), new TcpRequestPlane(config));
        }
        runNats();
    }

    /// Both sides on one connection, so that the server knows the worker before it is called.
    private static void runNats() throws Exception {
        Path folder = Files.createTempDirectory("bench");
        try (NatsServer server = NatsServer.start(folder);
                NatsClient client =
                        NatsClient.open(NatsConfig.of("bench", server.url()), new Random(1))) {
            Eventually.await().until(client::isConnected);
            for (PayloadCodec codec : PayloadCodec.values()) {
                NatsPlaneConfig config = NatsPlaneConfig.DEFAULT.withCodec(codec);
                run(
                        "nats " + codec,
                        new NatsRequestPlane(client, config),
                        new NatsRequestPlane(client, config));
            }
        }
        Files.delete(folder.resolve("nats-server.log"));
        Files.delete(folder);
    }

    private static void run(String name, RequestPlane calling, RequestPlane serving)
            throws Exception {
        var benchmark = new RequestPlaneBenchmark(calling, serving);
        try (calling;
                serving) {
            for (int round = 1; round <= ROUNDS; round++) {
                long[] nanos = benchmark.roundTrips(2L * round);
                double[] rates = benchmark.stream(2L * round + 1);
                System.out.printf(
                        Locale.ROOT,
                        "%-12s %10.1f %10.1f %14.0f %14.0f%s%n",
                        name,
                        nanos[nanos.length / 2] / 1e3,
                        nanos[(int) (nanos.length * 0.99)] / 1e3,
                        rates[0],
                        rates[1],
                        round < ROUNDS ? "  (warming up)" : "");
            }
        }
    }

    private long[] roundTrips(long instanceId) throws InterruptedException {
        Instance target = serve(instanceId, RequestPlaneBenchmark::answerAtOnce);
        long[] nanos = new long[ROUND_TRIPS];
        for (int i = 0; i < nanos.length; i++) {
            var receiver = new Awaited(1);
            GenerationRequest request = Requests.request("r" + i, Requests.prompt(16, i), 1, 0);
            long begin = System.nanoTime();
            calling.open(ENDPOINT, target, request, receiver);
            receiver.ended.await();
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private static RemoteStream answerAtOnce(
            GenerationRequest request, StreamReceiver<GenerationItem> receiver) {
        receiver.onItem(ITEM);
        receiver.onEnd(new Completed());
        return new Fed(receiver);
    }

    /// Items per second, and per second of CPU.
    private double[] stream(long instanceId) throws InterruptedException {
        List<Fed> fed = new CopyOnWriteArrayList<>();
        var opened = new CountDownLatch(STREAMS);
        Instance target =
                serve(
                        instanceId,
                        (_, receiver) -> {
                            var stream = new Fed(receiver);
                            fed.add(stream);
                            opened.countDown();
                            return stream;
                        });
        var all = new CountDownLatch(STREAMS);
        for (int i = 0; i < STREAMS; i++) {
            var receiver = new Awaited(ITEMS, all);
            GenerationRequest request = Requests.request("s" + i, Requests.prompt(16, i), 1, 0);
            calling.open(ENDPOINT, target, request, receiver);
        }
        opened.await();
        long cpu = cpuNanos();
        long begin = System.nanoTime();
        feed(fed);
        all.await();
        double items = (double) STREAMS * ITEMS;
        return new double[] {
            items / (System.nanoTime() - begin) * 1e9, items / (cpuNanos() - cpu) * 1e9
        };
    }

    private static void feed(List<Fed> streams) {
        for (int left = streams.size(); left > 0; ) {
            left = 0;
            for (Fed stream : streams) {
                left += stream.feed() ? 1 : 0;
            }
        }
    }

    private Instance serve(
            long instanceId, RequestHandler<GenerationRequest, GenerationItem> handler) {
        RequestPlane.Serving served = serving.serve(ENDPOINT, instanceId, handler);
        return new Instance(
                ENDPOINT.id(), instanceId, served.transport(), served.metadata(), Optional.empty());
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /// One stream; fed by one thread.
    private static final class Fed implements RemoteStream {
        private final StreamReceiver<GenerationItem> receiver;
        private volatile boolean paused;
        private int left = ITEMS;

        Fed(StreamReceiver<GenerationItem> receiver) {
            this.receiver = receiver;
        }

        /// Whether more is to come.
        boolean feed() {
            if (left == 0 || paused) {
                return left > 0;
            }
            left--;
            receiver.onItem(ITEM);
            if (left == 0) {
                receiver.onEnd(new Completed());
            }
            return left > 0;
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
        }

        @Override
        public void close() {
            left = 0;
        }
    }

    private static final class Awaited implements StreamReceiver<GenerationItem> {
        private final CountDownLatch ended;
        private final int expected;
        private int items;

        Awaited(int expected) {
            this(expected, new CountDownLatch(1));
        }

        Awaited(int expected, CountDownLatch ended) {
            this.expected = expected;
            this.ended = ended;
        }

        @Override
        public void onItem(GenerationItem item) {
            items += item instanceof Produced ? 1 : 0;
        }

        @Override
        public void onEnd(StreamEnd end) {
            if (items != expected || !(end instanceof Completed)) {
                throw new IllegalStateException(items + " items, then " + end);
            }
            ended.countDown();
        }
    }
}
