package dev.stator.runtime.events.nats;

import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.runtime.events.EventLayout;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Topic;
import dev.stator.testing.NatsServer;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// What KV events cost between a worker and a router on a real `nats-server`, from `publish` to
/// `onEvent`, with publisher and subscriber on their own connections in this process.
///
/// The CPU figures are per event: of this process, which encodes, sends, receives and decodes, and
/// of the server.
public final class NatsEventBenchmark {
    private static final Topic<WorkerKvEvent> KV = WorkerProtocol.in("dynamo").kvEvents();
    private static final int EVENTS = 200_000;
    private static final int WARM_UP_EVENTS = 150_000;
    private static final int UNDERWAY_MAX = 4_096;

    private final NatsServer server;
    private final EventNode worker;
    private final EventNode router;
    private final Received received = new Received();
    private final List<WorkerKvEvent> events;

    private NatsEventBenchmark(NatsServer server, NatsEventConfig config, int blocks)
            throws InterruptedException {
        this.server = server;
        this.worker = EventNode.connect(server, "worker", config);
        this.router = EventNode.connect(server, "router", config);
        this.events = events(blocks);
    }

    public static void main(String[] arguments) throws Exception {
        System.out.printf(
                "%-9s %-8s %7s %8s %11s %11s %10s %10s %6s%n",
                "layout",
                "durable",
                "blocks",
                "bytes",
                "events/s",
                "blocks/s",
                "JVM us",
                "server us",
                "lost");
        for (boolean isDurable : new boolean[] {false, true}) {
            for (EventLayout layout : EventLayout.values()) {
                for (int blocks : new int[] {1, 16}) {
                    run(layout, isDurable, blocks);
                }
            }
        }
    }

    private static void run(EventLayout layout, boolean isDurable, int blocks) throws Exception {
        Path folder = Files.createTempDirectory("nats-event-benchmark");
        NatsEventConfig config = NatsEventConfig.DEFAULT.withLayout(layout);
        if (isDurable) {
            config = config.withDurableTopics(Set.of(KV.subject().topic()));
        }
        try (NatsServer server = NatsServer.startWithJetStream(folder)) {
            var benchmark = new NatsEventBenchmark(server, config, blocks);
            try {
                benchmark.router.subscribe(KV, benchmark.received);
                benchmark.round(WARM_UP_EVENTS);
                benchmark.measure(layout, isDurable, blocks);
            } finally {
                benchmark.worker.close();
                benchmark.router.close();
            }
            server.kill();
            server.forget();
        }
        deleteFolder(folder);
    }

    private void measure(EventLayout layout, boolean isDurable, int blocks) {
        long lostBefore = received.lost.sum();
        long jvmBefore = jvmNanos();
        long serverBefore = server.cpuTime().toNanos();
        long begin = System.nanoTime();
        round(EVENTS);
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%-9s %-8s %7d %8d %11.0f %11.0f %10.2f %10.2f %6d%n",
                layout.name().toLowerCase(Locale.ROOT),
                isDurable,
                blocks,
                bytes(layout),
                EVENTS / seconds,
                EVENTS / seconds * blocks,
                (jvmNanos() - jvmBefore) / 1e3 / EVENTS,
                (server.cpuTime().toNanos() - serverBefore) / 1e3 / EVENTS,
                received.lost.sum() - lostBefore);
    }

    private void round(int count) {
        long target = received.total() + count;
        for (int i = 0; i < count; i++) {
            while (target - count + i - received.total() > UNDERWAY_MAX) {
                LockSupport.parkNanos(20_000);
            }
            worker.plane().publish(KV, events.get(i % events.size()));
        }
        while (received.total() < target) {
            LockSupport.parkNanos(20_000);
        }
    }

    private int bytes(EventLayout layout) {
        return new EventWriter<>(KV, layout, 1L << 52, InstantSource.system())
                .write(events.getFirst(), EVENTS)
                .payload()
                .length;
    }

    private static List<WorkerKvEvent> events(int blocks) {
        var random = new SplittableRandom(1);
        var source = new KvEventSource(new WorkerId(random.nextLong()), random.nextLong());
        List<WorkerKvEvent> events = new ArrayList<>();
        for (int i = 0; i < 1_024; i++) {
            List<StoredBlock> stored = new ArrayList<>();
            for (int block = 0; block < blocks; block++) {
                stored.add(
                        new StoredBlock(
                                new SequenceHash(random.nextLong()),
                                new BlockHash(random.nextLong())));
            }
            var parent = Optional.of(new SequenceHash(random.nextLong()));
            events.add(new WorkerKvEvent(source, 1_000_000 + i, new Stored(parent, stored)));
        }
        return events;
    }

    private static long jvmNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    private static void deleteFolder(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve("nats-server.log"));
        Files.deleteIfExists(folder);
    }

    private static final class Received implements EventSubscriber<WorkerKvEvent> {
        private final LongAdder heard = new LongAdder();
        private final LongAdder lost = new LongAdder();

        @Override
        public void onEvent(WorkerKvEvent event) {
            heard.increment();
        }

        @Override
        public void onGap(long events) {
            lost.add(events);
        }

        long total() {
            return heard.sum() + lost.sum();
        }
    }
}
