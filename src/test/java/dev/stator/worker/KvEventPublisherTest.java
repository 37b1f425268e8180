package dev.stator.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvAnswer;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.KvQuery;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Topic;
import dev.stator.runtime.events.memory.MemoryEventPlane;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

class KvEventPublisherTest {
    private static final KvEventSource SOURCE = new KvEventSource(new WorkerId(7), 99);
    private static final KvEventSource OTHER_LIFE = new KvEventSource(new WorkerId(7), 98);
    private static final Topic<WorkerKvEvent> TOPIC = WorkerProtocol.in("test").kvEvents();

    private final MemoryEventPlane plane = new MemoryEventPlane(10_000, Runnable::run);
    private final KvEventPublisher publisher = new KvEventPublisher(SOURCE, TOPIC, plane);

    @Test
    void everyEventIsPublishedWithItsNumber() {
        List<WorkerKvEvent> heard = new ArrayList<>();
        plane.subscribe(TOPIC, noting(heard));
        publisher.onEvent(stored(0, 1));
        publisher.onEvent(new Cleared());

        assertThat(heard)
                .containsExactly(
                        new WorkerKvEvent(SOURCE, 1, stored(0, 1)),
                        new WorkerKvEvent(SOURCE, 2, new Cleared()));
    }

    @Test
    void recentEventsAreReplayed() {
        publisher.onEvent(stored(0, 1));
        publisher.onEvent(stored(1, 2));

        assertThat(publisher.answer(KvQuery.from(SOURCE, 2)))
                .isEqualTo(
                        new KvAnswer.Events(
                                SOURCE, List.of(new WorkerKvEvent(SOURCE, 2, stored(1, 2))), 2));
        assertThat(publisher.answer(KvQuery.from(SOURCE, 3)))
                .isEqualTo(new KvAnswer.Events(SOURCE, List.of(), 2));
        assertThat(publisher.answer(KvQuery.from(SOURCE, 4)))
                .isEqualTo(new KvAnswer.TooNew(SOURCE, 2));
    }

    @Test
    void everythingIsWhatIsHeldNow() {
        publisher.onEvent(stored(0, 1));
        publisher.onEvent(stored(1, 2));
        publisher.onEvent(stored(2, 3));
        publisher.onEvent(new Removed(List.of(name(3))));

        assertThat(publisher.answer(KvQuery.everything(SOURCE)))
                .isEqualTo(
                        new KvAnswer.TreeDump(
                                SOURCE,
                                List.of(new Stored(Optional.empty(), List.of(block(1), block(2)))),
                                4));
    }

    @Test
    void anEmptyCacheIsAnAnswer() {
        assertThat(publisher.answer(KvQuery.everything(SOURCE)))
                .isEqualTo(new KvAnswer.TreeDump(SOURCE, List.of(), 0));
        assertThat(publisher.answer(KvQuery.from(SOURCE, 1)))
                .isEqualTo(new KvAnswer.Events(SOURCE, List.of(), 0));
    }

    @Test
    void whoAsksForAnotherLifeOfTheCacheGetsEverything() {
        publisher.onEvent(stored(0, 1));

        assertThat(publisher.answer(KvQuery.from(OTHER_LIFE, 1)))
                .isInstanceOf(KvAnswer.TreeDump.class);
    }

    @Test
    void whatIsNoLongerKeptIsAnsweredByEverything() {
        int sent = KvEventPublisher.REPLAY_EVENTS_MAX + 10;
        for (int i = 1; i <= sent; i++) {
            publisher.onEvent(stored(0, i));
        }

        assertThat(publisher.answer(KvQuery.from(SOURCE, 10)))
                .isInstanceOfSatisfying(
                        KvAnswer.TreeDump.class,
                        it -> {
                            assertThat(it.lastSequence()).isEqualTo(sent);
                            assertThat(it.chains()).hasSize(sent);
                        });
        assertThat(publisher.answer(KvQuery.from(SOURCE, 11)))
                .isInstanceOfSatisfying(
                        KvAnswer.Events.class,
                        it -> {
                            assertThat(it.events()).hasSize(KvEventPublisher.REPLAY_EVENTS_MAX);
                            assertThat(it.events().getFirst().sequence()).isEqualTo(11);
                        });
    }

    @Test
    void moreThanIsHeldIsAnsweredByEverything() {
        var blocks = IntStream.rangeClosed(1, 3_000).mapToObj(it -> block(it)).toList();
        publisher.onEvent(new Stored(Optional.empty(), blocks));
        assertThat(publisher.answer(KvQuery.from(SOURCE, 1))).isInstanceOf(KvAnswer.Events.class);
        publisher.onEvent(
                new Removed(blocks.reversed().stream().map(it -> it.sequenceHash()).toList()));
        publisher.onEvent(stored(0, 1));

        assertThat(publisher.answer(KvQuery.from(SOURCE, 1)))
                .isEqualTo(
                        new KvAnswer.TreeDump(
                                SOURCE,
                                List.of(new Stored(Optional.empty(), List.of(block(1)))),
                                3));
    }

    private static KvCacheEvent stored(int parent, int child) {
        return new Stored(
                parent == 0 ? Optional.empty() : Optional.of(name(parent)), List.of(block(child)));
    }

    private static StoredBlock block(int number) {
        return new StoredBlock(name(number), new BlockHash(number));
    }

    private static SequenceHash name(int number) {
        return new SequenceHash(100L + number);
    }

    private static EventSubscriber<WorkerKvEvent> noting(List<WorkerKvEvent> heard) {
        return new EventSubscriber<>() {
            @Override
            public void onEvent(WorkerKvEvent event) {
                heard.add(event);
            }

            @Override
            public void onGap(long events) {
                throw new AssertionError("gap of " + events);
            }
        };
    }
}
