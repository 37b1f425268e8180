package dev.stator.engine.kvevents;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.kvevents.ZmqKvEventListener.Source;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.kv.pool.BlockPool;
import dev.stator.kv.pool.BlockTable;
import dev.stator.platform.zmq.ZmqException;
import dev.stator.platform.zmq.ZmqLimits;
import dev.stator.platform.zmq.ZmqSocket;
import dev.stator.platform.zmq.ZmqThread;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

class ZmqKvEventPublisherTest {
    private static final int BLOCK_SIZE = 4;
    private static final WorkerId WORKER = new WorkerId(1);
    private static final List<CacheNamespace> NAMESPACES =
            List.of(
                    CacheNamespace.SHARED,
                    new CacheNamespace("adapter", ""),
                    new CacheNamespace("", "tenant"),
                    new CacheNamespace("adapter", "tenant"));

    private final ZmqThread thread = ZmqThread.open("zmq-publisher-test");

    @AfterEach
    void close() {
        thread.close();
    }

    /// An engine's pool tells its own index directly and another one over ZMQ.
    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#ten")
    void whoeverListensKnowsWhatTheCacheHolds(long seed) {
        PrefixIndex own = new PackedPrefixIndex();
        PrefixIndex other = new PackedPrefixIndex();
        ZmqKvEventPublisher publisher = open("\"topic\": \"kv\"");
        ZmqKvEventListener listener =
                ZmqKvEventListener.open(
                        thread, source(publisher, "kv"), event -> other.apply(WORKER, event));
        await().until(publisher::hasSubscribers);
        var told = new ArrayList<KvCacheEvent>();
        KvCacheListener both =
                KvCacheListener.both(
                        event -> {
                            told.add(event);
                            own.apply(WORKER, event);
                        },
                        publisher);
        new RandomRequests(seed, new BlockPool(48, BLOCK_SIZE, both)).run(400);
        await().until(() -> listener.stats().events() == told.size());

        assertThat(told).hasSizeGreaterThan(200);
        assertThat(own.blocks(WORKER)).isNotEmpty();
        assertThat(other.blocks(WORKER)).isEqualTo(own.blocks(WORKER));
        assertThat(other.dump(WORKER)).containsExactlyInAnyOrderElementsOf(own.dump(WORKER));
        assertThat(listener.stats().lostBatches()).isZero();
    }

    @Test
    void whoListensLateHearsWhatIsKept() {
        PrefixIndex own = new PackedPrefixIndex();
        PrefixIndex other = new PackedPrefixIndex();
        ZmqKvEventPublisher publisher = open("\"topic\": \"\"");
        var pool =
                new BlockPool(
                        48,
                        BLOCK_SIZE,
                        KvCacheListener.both(event -> own.apply(WORKER, event), publisher));
        new RandomRequests(1, pool).run(100);
        ZmqKvEventListener.open(thread, source(publisher, ""), event -> other.apply(WORKER, event));
        await().until(publisher::hasSubscribers);
        publisher.onEvent(new Removed(List.of(new SequenceHash(-1))));

        await().untilAsserted(() -> assertThat(other.blocks(WORKER)).isEqualTo(own.blocks(WORKER)));
    }

    @Test
    void whatFindsNoRoomIsAGapForWhoeverListens() {
        var heard = new CopyOnWriteArrayList<KvCacheEvent>();
        ZmqKvEventPublisher publisher = open("\"max_queue_size\": 2");
        ZmqKvEventListener listener =
                ZmqKvEventListener.open(thread, source(publisher, ""), heard::add);
        await().until(publisher::hasSubscribers);
        var pool = new BlockPool(16, BLOCK_SIZE, publisher);
        commit(pool, 1);
        await().until(() -> heard.size() == 1);

        var stalled = new CountDownLatch(1);
        thread.execute(() -> await().until(() -> stalled.getCount() == 0));
        commit(pool, 2);
        commit(pool, 3);
        commit(pool, 4);
        stalled.countDown();

        await().untilAsserted(() -> assertThat(heard).last().isEqualTo(new Cleared()));
        assertThat(heard).hasSize(4);
        assertThat(publisher.droppedEvents()).isEqualTo(1);
        assertThat(publisher.publishedEvents()).isEqualTo(3);
        assertThat(listener.stats().lostBatches()).isEqualTo(1);
    }

    @Test
    void whatNobodyHearsIsNotMadeAndIsAGapForWhoeverComesBack() {
        ZmqKvEventPublisher publisher = openWithoutReplay();
        var pool = new BlockPool(1_024, BLOCK_SIZE, publisher);
        long last = heard(publisher, pool).getLast();
        long published = publisher.publishedEvents();

        commitAnother(pool);
        commitAnother(pool);

        assertThat(publisher.publishedEvents()).isEqualTo(published);
        assertThat(publisher.droppedEvents()).isZero();
        assertThat(heard(publisher, pool).getFirst()).isGreaterThan(last + 1);
    }

    @Test
    void whoComesAfterSomethingNobodyHeardDoesNotHearTheFirstNumber() {
        ZmqKvEventPublisher publisher = openWithoutReplay();
        var pool = new BlockPool(1_024, BLOCK_SIZE, publisher);
        commitAnother(pool);

        assertThat(heard(publisher, pool).getFirst()).isPositive();
    }

    /// The numbers of the batches that somebody new hears, who is gone afterwards. What is sent
    /// while a connection is being made may be lost, so something is sent until it is heard.
    private List<Long> heard(ZmqKvEventPublisher publisher, BlockPool pool) {
        var sequences = new CopyOnWriteArrayList<Long>();
        try (ZmqSocket subscriber =
                thread.subscriber(
                        "",
                        ZmqLimits.DEFAULT,
                        frames -> sequences.add(ByteBuffer.wrap(frames.get(1)).getLong()))) {
            subscriber.connect(publisher.endpoint());
            await().until(publisher::hasSubscribers);
            await().until(
                            () -> {
                                commitAnother(pool);
                                return !sequences.isEmpty();
                            });
        }
        await().until(() -> !publisher.hasSubscribers());
        return sequences;
    }

    @Test
    void aTakenEndpointIsNamedAndNothingIsLeftOpen() {
        ZmqKvEventPublisher first = open("\"topic\": \"\"");
        KvEventsConfig taken =
                KvEventsConfig.parse(
                        "{\"publisher\": \"zmq\", \"endpoint\": \"tcp://127.0.0.1:*\","
                                + " \"replay_endpoint\": \"%s\"}"
                                        .formatted(first.replayEndpoint().orElseThrow()));

        assertThatThrownBy(() -> ZmqKvEventPublisher.open(thread, taken, 0, InstantSource.system()))
                .isInstanceOf(ZmqException.class)
                .hasMessageContaining(first.replayEndpoint().orElseThrow().uri());
    }

    private ZmqKvEventPublisher open(String further) {
        KvEventsConfig config =
                KvEventsConfig.parse(
                        """
                        {"publisher": "zmq", "endpoint": "tcp://127.0.0.1:*",
                         "replay_endpoint": "tcp://127.0.0.1:*", %s}
                        """
                                .formatted(further));
        return ZmqKvEventPublisher.open(thread, config, 0, InstantSource.system());
    }

    private ZmqKvEventPublisher openWithoutReplay() {
        KvEventsConfig config =
                KvEventsConfig.parse(
                        "{\"publisher\": \"zmq\", \"endpoint\": \"tcp://127.0.0.1:*\"}");
        return ZmqKvEventPublisher.open(thread, config, 0, InstantSource.system());
    }

    private static Source source(ZmqKvEventPublisher publisher, String topic) {
        return new Source(publisher.endpoint(), publisher.replayEndpoint(), topic, BLOCK_SIZE);
    }

    private static void commitAnother(BlockPool pool) {
        commit(pool, pool.cachedBlocks());
    }

    private static void commit(BlockPool pool, int token) {
        int[] ids = new int[BLOCK_SIZE];
        Arrays.fill(ids, token);
        BlockTable table =
                BlockTable.of(
                        new BlockHasher(BLOCK_SIZE, CacheNamespace.SHARED),
                        CacheNamespace.SHARED,
                        TokenIds.of(ids));
        pool.grow(table, BLOCK_SIZE);
        pool.commit(table, ids, BLOCK_SIZE);
    }

    /// Requests with shared prefixes that come and go in a pool too small for all of them.
    private static final class RandomRequests {
        private final SplittableRandom random;
        private final BlockPool pool;
        private final List<BlockTable> open = new ArrayList<>();

        RandomRequests(long seed, BlockPool pool) {
            this.random = new SplittableRandom(seed);
            this.pool = pool;
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                if (!open.isEmpty() && random.nextInt(3) == 0) {
                    pool.release(open.remove(random.nextInt(open.size())));
                }
                serve();
                if (random.nextInt(150) == 0) {
                    pool.clear();
                }
            }
        }

        private void serve() {
            CacheNamespace namespace = NAMESPACES.get(random.nextInt(NAMESPACES.size()));
            int[] ids = new int[random.nextInt(1, 60)];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = random.nextInt(20) == 0 ? 151_655 : i;
            }
            BlockTable table =
                    BlockTable.of(
                            new BlockHasher(BLOCK_SIZE, namespace), namespace, TokenIds.of(ids));
            pool.match(table, ids, ids.length - 1);
            while (!pool.grow(table, ids.length)) {
                pool.release(open.removeFirst());
            }
            pool.commit(table, ids, ids.length);
            open.add(table);
        }
    }
}
