package dev.stator.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.wire.ActiveLoad;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.WorkerId;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.memory.MemoryEventPlane;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

class LoadPublisherTest {
    private static final WorkerProtocol PROTOCOL = WorkerProtocol.in("test");
    private static final WorkerId FIRST = new WorkerId(5, 0);
    private static final WorkerId SECOND = new WorkerId(5, 1);

    private final AtomicInteger first = new AtomicInteger();
    private final AtomicInteger second = new AtomicInteger();
    private final MemoryEventPlane events = new MemoryEventPlane(100, Runnable::run);
    private final List<ActiveLoad> heard = new ArrayList<>();
    private final LoadPublisher publisher =
            new LoadPublisher(
                    PROTOCOL.loads(), events, Map.of(FIRST, first::get, SECOND, second::get));

    @BeforeEach
    void listen() {
        events.subscribe(
                PROTOCOL.loads(),
                new EventSubscriber<>() {
                    @Override
                    public void onEvent(ActiveLoad event) {
                        heard.add(event);
                    }

                    @Override
                    public void onGap(long events) {}
                });
    }

    @Test
    void anIdleWorkerSaysNothing() {
        look(2 * LoadPublisher.REPEAT_LOOKS);
        assertThat(heard).isEmpty();
    }

    @Test
    void everyChangeIsToldOfTheRankThatChanged() {
        second.set(7);
        look(2);
        second.set(0);
        look(2);

        assertThat(heard).containsExactly(ActiveLoad.used(SECOND, 7), ActiveLoad.used(SECOND, 0));
    }

    @Test
    void whatStaysIsToldAgainNowAndThen() {
        first.set(3);
        look(LoadPublisher.REPEAT_LOOKS);

        assertThat(heard).containsExactly(ActiveLoad.used(FIRST, 3), ActiveLoad.used(FIRST, 3));
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            publisher.look();
        }
    }
}
