package dev.stator.runtime.events;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.runtime.TextTopic;
import dev.stator.runtime.events.EventPlane.Subscription;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/// What every event plane must do. Events may take a moment to arrive; on a healthy plane none is
/// lost while the subscriber keeps up.
public abstract class EventPlaneContract {

    /// Events that `newPlane` keeps per subscription before it drops.
    protected static final int PENDING_EVENTS_MAX = 8;

    private static final Topic<String> NEWS = TextTopic.of(new Subject("test", "backend", "news"));
    private static final Topic<String> OTHER =
            TextTopic.of(new Subject("test", "backend", "other"));

    private EventPlane plane;

    protected abstract EventPlane newPlane();

    @BeforeEach
    void open() {
        plane = newPlane();
    }

    @AfterEach
    void close() {
        plane.close();
    }

    @Test
    void everySubscriberGetsEveryEventOfItsTopicInOrder() {
        var one = new Recorder();
        var two = new Recorder();
        var other = new Recorder();
        plane.subscribe(NEWS, one);
        plane.subscribe(NEWS, two);
        plane.subscribe(OTHER, other);
        plane.publish(NEWS, "a");
        plane.publish(OTHER, "x");
        plane.publish(NEWS, "b");

        awaitHeard(one, "a", "b");
        awaitHeard(two, "a", "b");
        awaitHeard(other, "x");
    }

    @Test
    void publishingToNobodyIsFine() {
        plane.publish(NEWS, "a");
        var late = new Recorder();
        plane.subscribe(NEWS, late);
        plane.publish(NEWS, "b");

        await().until(() -> late.heard.contains("b"));
    }

    @Test
    void aSlowSubscriberLosesEventsAndHearsOfIt() {
        var slow = new Recorder();
        var behind = new Recorder();
        slow.blockOn("first");
        plane.subscribe(NEWS, slow);
        plane.subscribe(OTHER, behind);
        plane.publish(NEWS, "first");
        slow.awaitBlocked();
        int sent = 10 * PENDING_EVENTS_MAX;
        IntStream.range(0, sent).forEach(i -> plane.publish(NEWS, "event " + i));
        plane.publish(OTHER, "behind them");
        awaitHeard(behind, "behind them"); // so they have arrived, and found no room
        slow.release();

        await().untilAsserted(
                        () -> {
                            long gaps = slow.gaps.stream().mapToLong(it -> it).sum();
                            assertThat(gaps).isPositive();
                            assertThat(slow.heard.size() - 1 + gaps).isEqualTo(sent);
                        });
        assertThat(slow.heard).isSubsetOf(expected(sent)).doesNotHaveDuplicates();
        plane.publish(NEWS, "last");
        await().untilAsserted(() -> assertThat(slow.heard.getLast()).isEqualTo("last"));
    }

    @Test
    void aSlowSubscriberDoesNotHoldUpOthers() {
        var slow = new Recorder();
        var quick = new Recorder();
        slow.blockOn("first");
        plane.subscribe(NEWS, slow);
        plane.subscribe(NEWS, quick);
        plane.publish(NEWS, "first");
        slow.awaitBlocked();
        plane.publish(NEWS, "second");

        awaitHeard(quick, "first", "second");
        slow.release();
        awaitHeard(slow, "first", "second");
    }

    @Test
    void aFailingSubscriberKeepsItsSubscription() {
        var heard = new CopyOnWriteArrayList<String>();
        plane.subscribe(
                NEWS,
                new EventSubscriber<>() {
                    @Override
                    public void onEvent(String event) {
                        heard.add(event);
                        if (event.equals("a")) {
                            throw new IllegalStateException("expected by the test");
                        }
                    }

                    @Override
                    public void onGap(long events) {}
                });
        plane.publish(NEWS, "a");
        plane.publish(NEWS, "b");

        await().untilAsserted(() -> assertThat(heard).containsExactly("a", "b"));
    }

    @Test
    void aClosedSubscriptionIsSilent() {
        var gone = new Recorder();
        var here = new Recorder();
        Subscription subscription = plane.subscribe(NEWS, gone);
        plane.subscribe(NEWS, here);
        subscription.close();
        subscription.close();
        plane.publish(NEWS, "a");

        awaitHeard(here, "a");
        assertThat(gone.heard).isEmpty();
    }

    @Test
    void aClosedPlaneIsSilent() {
        var recorder = new Recorder();
        plane.subscribe(NEWS, recorder);
        plane.close();
        plane.publish(NEWS, "a");

        assertThat(recorder.heard).isEmpty();
    }

    private static void awaitHeard(Recorder recorder, String... expected) {
        await().untilAsserted(() -> assertThat(recorder.heard).containsExactly(expected));
    }

    private static List<String> expected(int sent) {
        var events = new CopyOnWriteArrayList<>(List.of("first"));
        IntStream.range(0, sent).forEach(i -> events.add("event " + i));
        return events;
    }

    /// Notes what it hears; one event can be made to hold it up.
    private static final class Recorder implements EventSubscriber<String> {
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final List<Long> gaps = new CopyOnWriteArrayList<>();
        private final CountDownLatch blocked = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile String blocking = "";

        void blockOn(String event) {
            blocking = event;
        }

        void awaitBlocked() {
            await().until(() -> blocked.getCount() == 0);
        }

        void release() {
            released.countDown();
        }

        @Override
        public void onEvent(String event) {
            heard.add(event);
            if (event.equals(blocking)) {
                blocked.countDown();
                await().until(() -> released.getCount() == 0);
            }
        }

        @Override
        public void onGap(long events) {
            gaps.add(events);
        }
    }
}
