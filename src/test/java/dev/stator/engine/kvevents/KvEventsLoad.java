package dev.stator.engine.kvevents;

import com.sun.management.OperatingSystemMXBean;

import dev.stator.engine.kvevents.ZmqKvEventListener.Source;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvCacheListener.StoredTokens;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.platform.zmq.ZmqThread;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenIds;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// How fast stored blocks get from an engine's cache over ZMQ into an index: blocks of 16 tokens,
/// publisher and listener on a thread each. Every chain is evicted again when `CHAINS` others were
/// stored. On a busy machine only the CPU time says something.
final class KvEventsLoad {
    private static final int BLOCK_SIZE = 16;
    private static final int CHAINS = 1_000;
    private static final int AHEAD_MAX = 20_000;
    private static final Duration ROUND = Duration.ofSeconds(3);
    private static final int ROUNDS = 4;
    private static final WorkerId WORKER = new WorkerId(1);

    private final KvEventsConfig config =
            KvEventsConfig.parse(
                    """
                    {"publisher": "zmq", "endpoint": "tcp://127.0.0.1:*"}
                    """);
    private final int blocksPerEvent;
    private long events;

    private KvEventsLoad(int blocksPerEvent) {
        this.blocksPerEvent = blocksPerEvent;
    }

    public static void main(String[] arguments) {
        for (int blocks : new int[] {1, 16}) {
            new KvEventsLoad(blocks).run();
        }
    }

    private void run() {
        PrefixIndex index = new PackedPrefixIndex();
        try (ZmqThread engineSide = ZmqThread.open("engine");
                ZmqThread workerSide = ZmqThread.open("worker");
                var publisher =
                        ZmqKvEventPublisher.open(engineSide, config, 0, InstantSource.system());
                var listener =
                        ZmqKvEventListener.open(
                                workerSide,
                                new Source(publisher.endpoint(), Optional.empty(), "", BLOCK_SIZE),
                                event -> index.apply(WORKER, event))) {
            while (!publisher.hasSubscribers()) {
                LockSupport.parkNanos(1_000_000);
            }
            for (int round = 0; round < ROUNDS; round++) {
                round(publisher, listener);
            }
        }
    }

    private void round(ZmqKvEventPublisher publisher, ZmqKvEventListener listener) {
        long begin = System.nanoTime();
        long cpuBegin = cpuNanos();
        long eventsBefore = events;
        long batchesBefore = listener.stats().batches();
        while (System.nanoTime() - begin < ROUND.toNanos()) {
            store(publisher, eventsBefore + events);
            while (events - listener.stats().events() > AHEAD_MAX) {
                LockSupport.parkNanos(20_000);
            }
        }
        while (listener.stats().events() < events) {
            LockSupport.parkNanos(20_000);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        KvListenerStats stats = listener.stats();
        long stored = (events - eventsBefore) / 2;
        System.out.printf(
                Locale.ROOT,
                "%2d blocks/event: %,9.0f blocks/s stored and evicted, %,8.0f events/s,"
                        + " %,7.0f batches/s, %5.2f us CPU/block, %d lost%n",
                blocksPerEvent,
                stored * blocksPerEvent / seconds,
                (events - eventsBefore) / seconds,
                (stats.batches() - batchesBefore) / seconds,
                (cpuNanos() - cpuBegin) / 1e3 / (stored * blocksPerEvent),
                stats.lostBatches() + publisher.droppedEvents());
    }

    /// Stores one chain and evicts the one that is `CHAINS` older.
    private void store(ZmqKvEventPublisher publisher, long seed) {
        List<StoredBlock> blocks = new ArrayList<>(blocksPerEvent);
        for (int i = 0; i < blocksPerEvent; i++) {
            blocks.add(new StoredBlock(name(events, i), new BlockHash(0)));
        }
        int[] ids =
                IntStream.range(0, blocksPerEvent * BLOCK_SIZE)
                        .map(i -> (int) ((seed * 31 + i * 7L) % 151_936))
                        .toArray();
        var tokens = new StoredTokens(CacheNamespace.SHARED, BLOCK_SIZE, TokenIds.of(ids));
        publisher.onStored(new Stored(Optional.empty(), blocks), () -> tokens);
        List<SequenceHash> old = new ArrayList<>(blocksPerEvent);
        for (int i = blocksPerEvent - 1; i >= 0; i--) {
            old.add(name(events - 2 * CHAINS, i));
        }
        publisher.onEvent(new Removed(old));
        events += 2;
    }

    /// Of the whole process, both ends.
    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static SequenceHash name(long chain, int index) {
        return new SequenceHash((chain << 8 | index) * 0x9E3779B97F4A7C15L);
    }
}
