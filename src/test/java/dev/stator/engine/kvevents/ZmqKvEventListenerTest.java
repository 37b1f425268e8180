package dev.stator.engine.kvevents;

import static dev.stator.engine.kvevents.ScriptedEngine.plain;
import static dev.stator.engine.kvevents.ScriptedEngine.stored;
import static dev.stator.engine.kvevents.ScriptedEngine.storedEvent;
import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.kvevents.Frames.Batch;
import dev.stator.engine.kvevents.ZmqKvEventListener.Source;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.platform.zmq.ZmqEndpoint;
import dev.stator.platform.zmq.ZmqThread;
import dev.stator.tokens.SequenceHash;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

class ZmqKvEventListenerTest {
    private static final Duration REPLAY_WAIT_MAX = Duration.ofSeconds(10);
    private static final KvCacheEvent CLEARED = new Cleared();

    private final ZmqThread thread = ZmqThread.open("zmq-listener-test");
    private final ScriptedEngine engine = new ScriptedEngine(thread, "kv");
    private final List<KvCacheEvent> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        engine.close();
        thread.close();
    }

    @Test
    void tellsWhatTheEnginePublishes() {
        ZmqKvEventListener listener = open(engine.source());
        engine.publish(0, stored(0, 7), stored(7, 8));
        engine.publish(1, plain(new Removed(List.of(new SequenceHash(8)))));
        engine.publish(2, plain(new Cleared()));

        awaitEvents(
                storedEvent(0, 7),
                storedEvent(7, 8),
                new Removed(List.of(new SequenceHash(8))),
                CLEARED);
        assertThat(listener.stats().batches()).isEqualTo(3);
        assertThat(listener.stats().events()).isEqualTo(4);
        assertThat(listener.stats().malformed()).isZero();
    }

    @Test
    void aBatchDroppedOnItsWayIsReplayed() {
        ZmqKvEventListener listener = open(engine.source());
        engine.publish(0, stored(0, 7));
        engine.keep(1, stored(7, 8));
        engine.publish(2, stored(8, 9));
        engine.publish(3, stored(9, 10));

        awaitEvents(storedEvent(0, 7), storedEvent(7, 8), storedEvent(8, 9), storedEvent(9, 10));
        assertThat(listener.stats().lostBatches()).isZero();
        assertThat(listener.stats().replayedBatches()).isPositive();
    }

    @Test
    void aLateListenerHearsTheBeginning() {
        engine.publish(0, stored(0, 7));
        engine.publish(1, stored(7, 8));
        open(engine.source());
        engine.publish(2, stored(8, 9));

        awaitEvents(storedEvent(0, 7), storedEvent(7, 8), storedEvent(8, 9));
    }

    @Test
    void aGapThatNobodyFillsClearsTheCache() {
        ZmqKvEventListener listener = open(engine.sourceWithoutReplay());
        engine.publish(0, stored(0, 7));
        engine.publish(2, stored(0, 8));

        awaitEvents(storedEvent(0, 7), CLEARED, storedEvent(0, 8));
        assertThat(listener.stats().lostBatches()).isEqualTo(1);
    }

    @Test
    void aGapBeforeAnythingIsHeldClearsNothing() {
        open(engine.sourceWithoutReplay());
        engine.publish(3);
        engine.publish(7, stored(0, 8));

        awaitEvents(storedEvent(0, 8));
    }

    @Test
    void whatTheEngineNoLongerKeepsClearsTheCache() {
        open(engine.source());
        engine.publish(0, stored(0, 7));
        awaitEvents(storedEvent(0, 7));
        engine.forgetAll();
        engine.keep(2, stored(0, 8));
        engine.publish(3, stored(8, 9));

        awaitEvents(storedEvent(0, 7), CLEARED, storedEvent(0, 8), storedEvent(8, 9));
    }

    @Test
    void aReplayThatNeverComesClearsTheCache() {
        engine.mute();
        open(engine.source(), Duration.ofMillis(20));
        engine.publish(0, stored(0, 7));
        engine.publish(2, stored(0, 8));

        awaitEvents(storedEvent(0, 7), CLEARED, storedEvent(0, 8));
    }

    @Test
    void anEngineThatBeginsAnewHasAnEmptyCache() {
        ZmqKvEventListener listener = open(engine.source());
        engine.publish(0, stored(0, 7));
        engine.publish(1, stored(7, 8));
        awaitEvents(storedEvent(0, 7), storedEvent(7, 8));
        engine.forgetAll();
        engine.publish(0, stored(0, 9));

        awaitEvents(storedEvent(0, 7), storedEvent(7, 8), CLEARED, storedEvent(0, 9));
        assertThat(listener.stats().restarts()).isEqualTo(1);
    }

    @Test
    void anUnreadableBatchClearsTheCache() {
        ZmqKvEventListener listener = open(engine.source());
        engine.publish(0, stored(0, 7));
        engine.sendRaw(Frames.publish(Frames.topic("kv"), new Batch(1, new byte[] {(byte) 0xc1})));
        engine.publish(2, stored(0, 8));

        awaitEvents(storedEvent(0, 7), CLEARED, storedEvent(0, 8));
        assertThat(listener.stats().malformed()).isEqualTo(1);
    }

    @Test
    void messagesThatAreNoBatchesAreCounted() {
        ZmqKvEventListener listener = open(engine.source());
        byte[] topic = Frames.topic("kv");
        engine.sendRaw(List.of(topic));
        engine.sendRaw(List.of(topic, new byte[8]));
        engine.sendRaw(List.of(topic, new byte[7], new byte[0]));
        engine.sendRaw(List.of(topic, new byte[8], new byte[0], new byte[0]));
        engine.sendRaw(Frames.publish(topic, new Batch(-1, new byte[0])));
        engine.sendRaw(Frames.publish(topic, new Batch(-2, new byte[0])));
        engine.publish(0, stored(0, 7));

        awaitEvents(storedEvent(0, 7));
        assertThat(listener.stats().malformed()).isEqualTo(6);
    }

    @Test
    void otherTopicsAreNotHeard() {
        open(engine.source());
        engine.keep(0, stored(0, 7));
        engine.send("other", 0);
        engine.publish(0, stored(0, 8));

        awaitEvents(storedEvent(0, 8));
    }

    @Test
    void aClosedListenerIsSilent() {
        ZmqKvEventListener gone = open(engine.source());
        gone.close();
        var later = new CopyOnWriteArrayList<KvCacheEvent>();
        ZmqKvEventListener.open(thread, engine.source(), later::add);
        engine.awaitListener();
        await().untilAsserted(
                        () -> {
                            engine.publish(0, stored(0, 7));
                            assertThat(later).contains(storedEvent(0, 7));
                        });

        assertThat(events).isEmpty();
    }

    @Test
    void aSourceIsTheRankOfAnEngineOnAHost() {
        KvEventsConfig config =
                KvEventsConfig.parse(
                        """
                        {"publisher": "zmq", "endpoint": "tcp://*:5557", "topic": "kv",
                         "replay_endpoint": "tcp://*:5657"}
                        """);

        assertThat(Source.of(config, "engine-7", 2, 16))
                .isEqualTo(
                        new Source(
                                new ZmqEndpoint("tcp://engine-7:5559"),
                                Optional.of(new ZmqEndpoint("tcp://engine-7:5659")),
                                "kv",
                                16));
    }

    private ZmqKvEventListener open(Source source) {
        return open(source, REPLAY_WAIT_MAX);
    }

    private ZmqKvEventListener open(Source source, Duration replayWaitMax) {
        var listener = ZmqKvEventListener.open(thread, source, events::add, replayWaitMax);
        engine.awaitListener();
        return listener;
    }

    private void awaitEvents(KvCacheEvent... expected) {
        await().untilAsserted(() -> assertThat(events).containsExactly(expected));
    }
}
