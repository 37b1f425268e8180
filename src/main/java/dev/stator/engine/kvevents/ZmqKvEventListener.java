package dev.stator.engine.kvevents;

import dev.stator.engine.kvevents.Frames.Batch;
import dev.stator.engine.kvevents.payload.EngineEvent;
import dev.stator.engine.kvevents.payload.EngineEventBatch;
import dev.stator.engine.kvevents.payload.EngineEventReader;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.zmq.ZmqEndpoint;
import dev.stator.platform.zmq.ZmqLimits;
import dev.stator.platform.zmq.ZmqSocket;
import dev.stator.platform.zmq.ZmqThread;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Follows the KV events that an engine publishes over ZMQ and tells a listener, on the ZMQ thread,
/// what they mean.
///
/// Missed batches are asked for where the engine keeps them. When that does not help, or a batch
/// cannot be read, nobody knows what the cache holds: the listener is told `Cleared`, and goes on
/// with what is stored from then on. So it may know of too few blocks, but never of one that was
/// evicted unseen. Blocks below a forgotten parent stay unknown until that is stored again.
///
/// A listener that forgot something of its own accord can have all that the engine keeps told once
/// more.
public final class ZmqKvEventListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ZmqKvEventListener.class);
    private static final Duration REPLAY_WAIT_MAX = Duration.ofSeconds(5);

    private final ZmqThread thread;
    private final Source source;
    private final KvCacheListener listener;
    private final Duration replayWaitMax;
    private final ListenerCounters counters = new ListenerCounters();
    private final EngineEventNormalizer normalizer; // owned by the ZMQ thread, as all below
    private final BatchSequencer sequencer;
    private final ZmqSocket subscriber;
    private @Nullable ZmqSocket replay; // null unless one is on its way
    private boolean holdsBlocks; // as the listener was told
    private Runnable repeated = () -> {};

    /// Where an engine publishes.
    ///
    /// @param endpoint to connect to
    /// @param replayEndpoint where it answers for batches that were missed
    /// @param topic to subscribe to; `""` for all
    /// @param blockSizeTokens of the blocks that are wanted
    public record Source(
            ZmqEndpoint endpoint,
            Optional<ZmqEndpoint> replayEndpoint,
            String topic,
            int blockSizeTokens) {

        /// What an engine on `host` that was started with `config` publishes as rank `rank`.
        public static Source of(KvEventsConfig config, String host, int rank, int blockSizeTokens) {
            KvEventsConfig own = config.forRank(rank);
            return new Source(
                    own.endpoint().reachedAt(host),
                    own.replayEndpoint().map(it -> it.reachedAt(host)),
                    own.topic(),
                    blockSizeTokens);
        }
    }

    private ZmqKvEventListener(
            ZmqThread thread, Source source, KvCacheListener listener, Duration replayWaitMax) {
        this.thread = thread;
        this.source = source;
        this.replayWaitMax = replayWaitMax;
        this.listener = listener;
        this.normalizer = new EngineEventNormalizer(source.blockSizeTokens(), counters);
        this.sequencer = new BatchSequencer(source.replayEndpoint().isPresent(), new Steps());
        this.subscriber = thread.subscriber(source.topic(), ZmqLimits.DEFAULT, this::onMessage);
    }

    /// Connects, also to an engine that is not there yet.
    public static ZmqKvEventListener open(
            ZmqThread thread, Source source, KvCacheListener listener) {
        return open(thread, source, listener, REPLAY_WAIT_MAX);
    }

    /// With another limit on how long a replay may take.
    static ZmqKvEventListener open(
            ZmqThread thread, Source source, KvCacheListener listener, Duration replayWaitMax) {
        var opened = new ZmqKvEventListener(thread, source, listener, replayWaitMax);
        opened.subscriber.connect(source.endpoint());
        return opened;
    }

    public KvListenerStats stats() {
        return counters.stats();
    }

    /// Has every batch that the engine keeps told once more. To be called on the ZMQ thread.
    ///
    /// What is told from now on repeats the past, until `ended` runs; what has happened meanwhile
    /// is told afterwards or before. False, and `ended` never runs, when the engine keeps nothing,
    /// has said nothing yet, or is being asked for something else.
    public boolean repeat(Runnable ended) {
        if (!sequencer.repeat()) {
            return false;
        }
        repeated = ended;
        return true;
    }

    /// Stops listening; the listener keeps what it was told.
    @Override
    public void close() {
        subscriber.close();
        thread.execute(this::closeReplay);
    }

    private void onMessage(List<byte[]> frames) {
        Optional<Batch> batch = Frames.batch(frames).filter(it -> !it.isEnd());
        if (batch.isEmpty()) {
            counters.malformed.increment();
            return;
        }
        sequencer.live(batch.get());
    }

    private void onReplay(ZmqSocket from, List<byte[]> frames) {
        Optional<Batch> batch = Frames.batch(frames);
        if (batch.isEmpty()) {
            counters.malformed.increment();
        } else if (batch.get().isEnd()) {
            endReplay(from);
        } else {
            counters.replayedBatches.increment();
            sequencer.replayed(batch.get());
        }
    }

    private void endReplay(ZmqSocket of) {
        if (of.equals(replay)) {
            closeReplay();
            sequencer.replayEnded();
        }
    }

    private void closeReplay() {
        if (replay != null) {
            replay.close();
            replay = null;
        }
    }

    private void tell(KvCacheEvent event) {
        counters.events.increment();
        holdsBlocks = event instanceof KvCacheEvent.Stored || (holdsBlocks && !isCleared(event));
        listener.onEvent(event);
    }

    private static boolean isCleared(KvCacheEvent event) {
        return event instanceof Cleared;
    }

    /// Nobody knows what the cache holds.
    private void forget() {
        normalizer.forget();
        if (holdsBlocks) {
            tell(new Cleared());
        }
    }

    private final class Steps implements BatchSequencer.Steps {

        @Override
        public void apply(Batch batch) {
            EngineEventBatch read;
            try {
                read = EngineEventReader.read(batch.payload());
            } catch (JsonException e) {
                LOG.warn(
                        "batch {} of {} is lost: {}",
                        batch.sequence(),
                        source.endpoint(),
                        e.getMessage());
                counters.malformed.increment();
                forget();
                return;
            }
            counters.batches.increment();
            for (EngineEvent event : read.events()) {
                normalizer
                        .normalize(read.rank().orElse(0), event)
                        .ifPresent(ZmqKvEventListener.this::tell);
            }
        }

        @Override
        public void askReplay(long first) {
            closeReplay();
            var asked = new ReplayConnection();
            LOG.info("asking {} for batches from {} on", source.endpoint(), first);
            asked.socket.connect(source.replayEndpoint().orElseThrow());
            asked.socket.send(Frames.ask(first));
            replay = asked.socket;
            thread.after(replayWaitMax, () -> endReplay(asked.socket));
        }

        @Override
        public void lost(long batches) {
            LOG.warn("{} batches of {} are lost", batches, source.endpoint());
            counters.lostBatches.add(batches);
            forget();
        }

        @Override
        public void restarted() {
            LOG.info("the engine at {} began anew", source.endpoint());
            counters.restarts.increment();
            closeReplay();
            forget();
        }

        @Override
        public void repeated() {
            repeated.run();
        }
    }

    /// Each replay has a connection of its own, so that late answers to an earlier one go nowhere.
    private final class ReplayConnection {
        private final ZmqSocket socket;

        ReplayConnection() {
            this.socket = thread.dealer(ZmqLimits.DEFAULT, this::onMessage);
        }

        private void onMessage(List<byte[]> frames) {
            onReplay(socket, frames);
        }
    }
}
