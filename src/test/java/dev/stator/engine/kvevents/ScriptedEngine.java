package dev.stator.engine.kvevents;

import static dev.stator.testing.Eventually.await;

import dev.stator.engine.kvevents.Frames.Batch;
import dev.stator.engine.kvevents.ZmqKvEventListener.Source;
import dev.stator.engine.kvevents.payload.EngineEventWriter;
import dev.stator.engine.kvevents.payload.EngineEventWriter.Change;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvCacheListener.StoredTokens;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.platform.zmq.ZmqEndpoint;
import dev.stator.platform.zmq.ZmqLimits;
import dev.stator.platform.zmq.ZmqSocket;
import dev.stator.platform.zmq.ZmqThread;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenIds;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// Publishes what a test says, frame by frame, and answers for what it has kept.
final class ScriptedEngine implements AutoCloseable {
    static final int BLOCK_SIZE = 2;
    private static final ZmqEndpoint ANY_PORT = new ZmqEndpoint("tcp://127.0.0.1:0");
    private static final BlockHasher HASHER = new BlockHasher(BLOCK_SIZE, CacheNamespace.SHARED);

    private final ZmqSocket publisher;
    private final ZmqSocket replayer;
    private final Source source;
    private final EngineEventWriter writer = new EngineEventWriter(0);
    private final SortedMap<Long, byte[]> kept = new ConcurrentSkipListMap<>();
    private volatile boolean isMute;

    ScriptedEngine(ZmqThread thread, String topic) {
        this.publisher = thread.publisher(ZmqLimits.DEFAULT);
        this.replayer = thread.router(ZmqLimits.DEFAULT, this::answer);
        this.source =
                new Source(
                        publisher.bind(ANY_PORT),
                        Optional.of(replayer.bind(ANY_PORT)),
                        topic,
                        BLOCK_SIZE);
    }

    Source source() {
        return source;
    }

    Source sourceWithoutReplay() {
        return new Source(source.endpoint(), Optional.empty(), source.topic(), BLOCK_SIZE);
    }

    void awaitListener() {
        await().until(() -> publisher.subscriptions() == 1);
    }

    /// Leaves questions without answer.
    void mute() {
        isMute = true;
    }

    /// Publishes and keeps.
    void publish(long sequence, Change... changes) {
        keep(sequence, changes);
        send(source.topic(), sequence);
    }

    /// Keeps what gets lost on its way.
    void keep(long sequence, Change... changes) {
        kept.put(sequence, writer.write(0, List.of(changes)));
    }

    /// Publishes again what is kept, under some topic.
    void send(String topic, long sequence) {
        sendRaw(
                Frames.publish(
                        Frames.topic(topic),
                        new Batch(sequence, Objects.requireNonNull(kept.get(sequence)))));
    }

    void sendRaw(List<byte[]> frames) {
        publisher.send(frames);
    }

    void forgetAll() {
        kept.clear();
    }

    /// A block of tokens `2 * name` and `2 * name + 1`.
    static Change stored(long parent, long name) {
        return new Change.WithTokens(storedEvent(parent, name), tokens(name));
    }

    static Change plain(KvCacheEvent event) {
        return new Change.Plain(event);
    }

    /// What comes of `stored`.
    static Stored storedEvent(long parent, long name) {
        var hash = new BlockHash(HASHER.blockHash(tokens(name).ids(), 0));
        return new Stored(
                parent == 0 ? Optional.empty() : Optional.of(new SequenceHash(parent)),
                List.of(new StoredBlock(new SequenceHash(name), hash)));
    }

    @Override
    public void close() {
        publisher.close();
        replayer.close();
        writer.close();
    }

    private static StoredTokens tokens(long name) {
        return new StoredTokens(
                CacheNamespace.SHARED,
                BLOCK_SIZE,
                TokenIds.of((int) (2 * name), (int) (2 * name + 1)));
    }

    private void answer(List<byte[]> frames) {
        if (isMute) {
            return;
        }
        byte[] peer = frames.getFirst();
        long first = Frames.asked(frames).orElseThrow();
        kept.tailMap(first)
                .forEach(
                        (sequence, it) ->
                                replayer.send(Frames.answer(peer, new Batch(sequence, it))));
        replayer.send(Frames.end(peer));
    }
}
