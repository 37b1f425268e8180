package dev.stator.runtime.events.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.runtime.TextTopic;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventPlaneContract;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Subject;
import dev.stator.runtime.events.Topic;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

class MemoryEventPlaneTest extends EventPlaneContract {
    private static final Topic<String> NUMBERS =
            TextTopic.of(new Subject("test", "backend", "numbers"));

    @Override
    protected EventPlane newPlane() {
        return new MemoryEventPlane(PENDING_EVENTS_MAX, Thread::startVirtualThread);
    }

    @Test
    void aLateSubscriberHearsOnlyWhatFollows() {
        var heard = new ArrayList<String>();
        try (var plane = new MemoryEventPlane(2, Runnable::run)) {
            plane.publish(NUMBERS, "1");
            plane.subscribe(NUMBERS, noting(heard));
            plane.publish(NUMBERS, "2");
        }
        assertThat(heard).containsExactly("2");
    }

    @Test
    void theGapStandsWhereTheEventsWereLost() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        var heard = new ArrayList<String>();
        try (var plane = new MemoryEventPlane(2, tasks::add)) {
            plane.subscribe(NUMBERS, noting(heard));
            List.of("1", "2", "3", "4").forEach(it -> plane.publish(NUMBERS, it));
            assertThat(tasks).hasSize(1);
            tasks.remove().run();
            List.of("5", "6").forEach(it -> plane.publish(NUMBERS, it));
            tasks.remove().run();
        }
        assertThat(heard).containsExactly("1", "2", "gap of 2", "5", "6");
    }

    @Test
    void anEventPublishedByASubscriberComesAfterTheOneItHandles() {
        var heard = new ArrayList<String>();
        try (var plane = new MemoryEventPlane(4, Runnable::run)) {
            plane.subscribe(
                    NUMBERS,
                    new EventSubscriber<>() {
                        @Override
                        public void onEvent(String event) {
                            heard.add("begin " + event);
                            if (event.equals("1")) {
                                plane.publish(NUMBERS, "2");
                            }
                            heard.add("end " + event);
                        }

                        @Override
                        public void onGap(long events) {}
                    });
            plane.publish(NUMBERS, "1");
        }
        assertThat(heard).containsExactly("begin 1", "end 1", "begin 2", "end 2");
    }

    private static EventSubscriber<String> noting(List<String> heard) {
        return new EventSubscriber<>() {
            @Override
            public void onEvent(String event) {
                heard.add(event);
            }

            @Override
            public void onGap(long events) {
                heard.add("gap of " + events);
            }
        };
    }
}
