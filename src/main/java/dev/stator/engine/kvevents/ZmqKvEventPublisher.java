package dev.stator.engine.kvevents;

import dev.stator.engine.kvevents.Frames.Batch;
import dev.stator.engine.kvevents.payload.EngineEventWriter;
import dev.stator.engine.kvevents.payload.EngineEventWriter.Change;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.platform.zmq.ZmqEndpoint;
import dev.stator.platform.zmq.ZmqLimits;
import dev.stator.platform.zmq.ZmqSocket;
import dev.stator.platform.zmq.ZmqThread;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// Publishes what one cache stores and drops as vLLM does, so that whoever follows vLLM can follow
/// our engines.
///
/// The cache's thread only puts changes into a queue; the ZMQ thread makes batches of what waits,
/// numbers, sends and keeps them for replay. A change that finds the queue full is lost; a sequence
/// number is then left out, so that no subscriber takes what it has for complete. The same holds
/// for what nobody hears: without a subscriber and without a replay endpoint nothing is made.
public final class ZmqKvEventPublisher implements KvCacheListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ZmqKvEventPublisher.class);
    private static final int EVENTS_PER_BATCH_MAX = 64;
    private static final double NANOS_PER_SECOND = 1e9;

    private final KvEventsConfig config;
    private final InstantSource clock;
    private final ZmqThread thread;
    private final byte[] topic;
    private final BlockingQueue<Change> pending;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicBoolean lostSome = new AtomicBoolean();
    private final LongAdder published = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Deque<Batch> sent = new ArrayDeque<>(); // owned by the ZMQ thread
    private final EngineEventWriter writer; // owned by the ZMQ thread
    private long nextSequence; // owned by the ZMQ thread
    private final ZmqSocket publisher;
    private final Optional<ZmqSocket> replayer;
    private ZmqEndpoint endpoint;
    private Optional<ZmqEndpoint> replayEndpoint = Optional.empty();
    private boolean wasUnheard; // owned by the cache's thread
    private volatile boolean closed;

    private ZmqKvEventPublisher(
            ZmqThread thread, KvEventsConfig config, int rank, InstantSource clock) {
        this.config = config.forRank(rank);
        this.clock = clock;
        this.thread = thread;
        this.topic = Frames.topic(config.topic());
        this.pending = new ArrayBlockingQueue<>(config.maxQueueSize());
        this.writer = new EngineEventWriter(rank);
        this.endpoint = this.config.endpoint();
        ZmqLimits limits = ZmqLimits.DEFAULT.withHighWater(config.highWater());
        this.publisher = thread.publisher(limits);
        int answersMax = 2 * config.bufferSteps() + 1;
        ZmqLimits replay = limits.withOutgoingMax(answersMax).withHighWater(answersMax);
        this.replayer = this.config.replayEndpoint().map(_ -> thread.router(replay, this::onAsked));
    }

    /// Listens, or connects, where the config says and publishes from now on.
    ///
    /// Throws `ZmqException` when an endpoint is taken.
    ///
    /// @param rank data-parallel rank, 0 when there is one engine
    public static ZmqKvEventPublisher open(
            ZmqThread thread, KvEventsConfig config, int rank, InstantSource clock) {
        var opened = new ZmqKvEventPublisher(thread, config, rank, clock);
        try {
            opened.listen();
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        return opened;
    }

    /// Where events are published, with the port that the system chose.
    public ZmqEndpoint endpoint() {
        return endpoint;
    }

    /// Where missed batches can be asked for.
    public Optional<ZmqEndpoint> replayEndpoint() {
        return replayEndpoint;
    }

    /// Events that went out.
    public long publishedEvents() {
        return published.sum();
    }

    /// Events that found no room.
    public long droppedEvents() {
        return dropped.sum();
    }

    /// Whether anybody listens now.
    public boolean hasSubscribers() {
        return publisher.subscriptions() > 0;
    }

    @Override
    public void onEvent(KvCacheEvent event) {
        if (!isPassedOver()) {
            offer(new Change.Plain(event));
        }
    }

    @Override
    public void onStored(KvCacheEvent.Stored event, Supplier<StoredTokens> tokens) {
        if (!isPassedOver()) {
            offer(new Change.WithTokens(event, tokens.get()));
        }
    }

    /// Ends both sockets; what waits is not published.
    @Override
    public void close() {
        closed = true;
        publisher.close();
        replayer.ifPresent(ZmqSocket::close);
    }

    private void listen() {
        if (endpoint.isBound()) {
            endpoint = publisher.bind(endpoint);
        } else {
            publisher.connect(endpoint);
        }
        replayEndpoint = replayer.map(it -> it.bind(config.replayEndpoint().orElseThrow()));
    }

    /// Whether the next change need not be made; the first such one leaves out a number.
    private boolean isPassedOver() {
        boolean isUnheard = replayer.isEmpty() && !hasSubscribers();
        if (isUnheard && !wasUnheard && !closed) {
            lostSome.set(true);
            schedule();
        }
        wasUnheard = isUnheard;
        return isUnheard || closed;
    }

    private void offer(Change change) {
        if (!pending.offer(change)) {
            dropped.increment();
            if (!lostSome.getAndSet(true)) {
                LOG.warn("{} KV events wait at {}, dropping more", pending.size(), endpoint);
            }
        }
        schedule();
    }

    private void schedule() {
        if (!scheduled.getAndSet(true) && !thread.execute(this::publishPending)) {
            scheduled.set(false);
        }
    }

    /// What was lost is marked behind all that waited when it was lost.
    private void publishPending() {
        scheduled.set(false);
        boolean isGap = lostSome.getAndSet(false);
        List<Change> changes = new ArrayList<>(EVENTS_PER_BATCH_MAX);
        for (int left = pending.size(); left > 0; left -= changes.size()) {
            changes.clear();
            pending.drainTo(changes, Math.min(left, EVENTS_PER_BATCH_MAX));
            publish(changes);
        }
        if (isGap) {
            nextSequence++;
            publish(List.of());
        }
    }

    private void publish(List<Change> changes) {
        Instant now = clock.instant();
        double seconds = now.getEpochSecond() + now.getNano() / NANOS_PER_SECOND;
        var batch = new Batch(nextSequence++, writer.write(seconds, changes));
        if (sent.size() == config.bufferSteps()) {
            sent.removeFirst();
        }
        sent.addLast(batch);
        publisher.send(Frames.publish(topic, batch));
        published.add(changes.size());
    }

    private void onAsked(List<byte[]> frames) {
        byte[] peer = frames.getFirst();
        Optional<Long> first = Frames.asked(frames);
        if (first.isEmpty()) {
            LOG.debug("not a replay request: {} frames", frames.size());
            return;
        }
        for (Batch batch : sent) {
            if (batch.sequence() >= first.get()) {
                answer(Frames.answer(peer, batch));
            }
        }
        answer(Frames.end(peer));
    }

    private void answer(List<byte[]> frames) {
        replayer.ifPresent(it -> it.send(frames));
    }
}
