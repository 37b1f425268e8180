package dev.stator.launch.indexer;

import static dev.stator.testing.Waiting.await;

import dev.stator.engine.kvevents.KvEventsConfig;
import dev.stator.engine.kvevents.ZmqKvEventPublisher;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvCacheListener.StoredTokens;
import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.pool.BlockPool;
import dev.stator.kv.pool.BlockTable;
import dev.stator.platform.zmq.ZmqThread;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// A cache that publishes what it holds as an engine does.
final class PublishingEngine implements AutoCloseable {
    private static final int BLOCKS = 64;
    private static final int REPLAY_BATCHES = 10_000;

    private final ZmqThread thread = ZmqThread.open("publishing-engine");
    private final ZmqKvEventPublisher publisher;
    private final BlockPool pool;
    private final CacheNamespace namespace;

    private PublishingEngine(String endpoint, int blockSizeTokens, CacheNamespace namespace) {
        this(endpoint, blockSizeTokens, namespace, REPLAY_BATCHES);
    }

    private PublishingEngine(
            String endpoint, int blockSizeTokens, CacheNamespace namespace, int replayBatches) {
        KvEventsConfig config =
                KvEventsConfig.parse(
                        """
                        {"publisher": "zmq", "endpoint": "%s",
                         "replay_endpoint": "tcp://127.0.0.1:*", "buffer_steps": %d}
                        """
                                .formatted(endpoint, replayBatches));
        this.publisher = ZmqKvEventPublisher.open(thread, config, 0, InstantSource.system());
        this.pool = new BlockPool(BLOCKS, blockSizeTokens, publisher);
        this.namespace = namespace;
    }

    static PublishingEngine withBlocksOf(int tokens) {
        return with(tokens, CacheNamespace.SHARED);
    }

    static PublishingEngine with(int blockSizeTokens, CacheNamespace namespace) {
        return new PublishingEngine("tcp://127.0.0.1:*", blockSizeTokens, namespace);
    }

    /// Keeps so many batches for replay.
    static PublishingEngine keeping(int replayBatches, int blockSizeTokens) {
        return new PublishingEngine(
                "tcp://127.0.0.1:*", blockSizeTokens, CacheNamespace.SHARED, replayBatches);
    }

    static PublishingEngine at(int port, int blockSizeTokens) {
        return new PublishingEngine("tcp://*:" + port, blockSizeTokens, CacheNamespace.SHARED);
    }

    String endpoint() {
        return publisher.endpoint().reachedAt("127.0.0.1").uri();
    }

    String replayEndpoint() {
        return publisher.replayEndpoint().orElseThrow().uri();
    }

    PublishingEngine awaitFollower() {
        await().until(publisher::hasSubscribers);
        return this;
    }

    /// Computes a prompt and keeps its full blocks.
    void store(int... ids) {
        var hasher = new BlockHasher(pool.blockSizeTokens(), namespace);
        BlockTable table = BlockTable.of(hasher, namespace, TokenIds.of(ids));
        pool.match(table, ids, ids.length);
        pool.grow(table, ids.length);
        pool.commit(table, ids, ids.length);
        pool.release(table);
    }

    /// Keeps the first blocks of a prompt in a tier, whatever is in the others.
    void hold(StorageTier tier, int blocks, int... ids) {
        publish(tier, 0, Arrays.copyOf(ids, blocks * pool.blockSizeTokens()));
    }

    /// Keeps the blocks of a prompt from this one on in device memory, below the ones before.
    void holdFrom(int first, int... ids) {
        publish(StorageTier.DEVICE, first, ids);
    }

    /// Drops all blocks of these prompts from device memory, by one event.
    void drop(int[]... prompts) {
        publisher.onEvent(
                new Removed(
                        Stream.of(prompts)
                                .flatMapToLong(it -> LongStream.of(hash(it).sequenceHashes()))
                                .mapToObj(SequenceHash::new)
                                .toList()));
    }

    private void publish(StorageTier tier, int first, int... ids) {
        TokenBlocks prompt = hash(ids);
        var stored = new ArrayList<StoredBlock>();
        for (int i = first; i < prompt.count(); i++) {
            stored.add(
                    new StoredBlock(
                            new SequenceHash(prompt.sequenceHash(i)),
                            new BlockHash(prompt.blockHash(i))));
        }
        Optional<SequenceHash> parent =
                first == 0
                        ? Optional.empty()
                        : Optional.of(new SequenceHash(prompt.sequenceHash(first - 1)));
        int size = pool.blockSizeTokens();
        TokenIds tokens = TokenIds.of(Arrays.copyOfRange(ids, first * size, ids.length));
        publisher.onStored(
                new Stored(parent, stored, tier), () -> new StoredTokens(namespace, size, tokens));
    }

    private TokenBlocks hash(int... ids) {
        return new BlockHasher(pool.blockSizeTokens(), namespace).hash(TokenIds.of(ids));
    }

    void clear() {
        pool.clear();
    }

    @Override
    public void close() {
        publisher.close();
        thread.close();
    }
}
