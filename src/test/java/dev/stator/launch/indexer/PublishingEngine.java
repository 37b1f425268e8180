package dev.stator.launch.indexer;

import static dev.stator.testing.Waiting.await;

import dev.stator.engine.kvevents.KvEventsConfig;
import dev.stator.engine.kvevents.ZmqKvEventPublisher;
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

/// A cache that publishes what it holds as an engine does.
final class PublishingEngine implements AutoCloseable {
    private static final int BLOCKS = 64;

    private final ZmqThread thread = ZmqThread.open("publishing-engine");
    private final ZmqKvEventPublisher publisher;
    private final BlockPool pool;
    private final CacheNamespace namespace;

    private PublishingEngine(String endpoint, int blockSizeTokens, CacheNamespace namespace) {
        KvEventsConfig config =
                KvEventsConfig.parse(
                        """
                        {"publisher": "zmq", "endpoint": "%s",
                         "replay_endpoint": "tcp://127.0.0.1:*"}
                        """
                                .formatted(endpoint));
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
        TokenBlocks prompt =
                new BlockHasher(pool.blockSizeTokens(), namespace).hash(TokenIds.of(ids));
        var stored = new ArrayList<StoredBlock>();
        for (int i = 0; i < blocks; i++) {
            stored.add(
                    new StoredBlock(
                            new SequenceHash(prompt.sequenceHash(i)),
                            new BlockHash(prompt.blockHash(i))));
        }
        TokenIds tokens = TokenIds.of(Arrays.copyOf(ids, blocks * pool.blockSizeTokens()));
        publisher.onStored(
                new Stored(Optional.empty(), stored, tier),
                () -> new StoredTokens(namespace, pool.blockSizeTokens(), tokens));
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
