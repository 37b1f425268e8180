package dev.stator.runtime.events.zmq;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.platform.zmq.ZmqEndpoint;
import dev.stator.platform.zmq.ZmqLimits;
import dev.stator.platform.zmq.ZmqSocket;
import dev.stator.platform.zmq.ZmqThread;
import dev.stator.runtime.TextTopic;
import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.discovery.memory.MemoryDiscovery;
import dev.stator.runtime.events.EventEnvelope;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Subject;
import dev.stator.runtime.events.Topic;
import dev.stator.testing.Eventually;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

class ZmqEventPlaneTest {
    private static final Subject SUBJECT = new Subject("test", "backend", "news");
    private static final Topic<String> NEWS = TextTopic.of(SUBJECT);
    private static final EndpointId PUBLISHERS = new EndpointId("test", "backend", "news");
    private static final ZmqEndpoint ANY_PORT = new ZmqEndpoint("tcp://127.0.0.1:0");
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final MemoryDiscovery discovery = new MemoryDiscovery();
    private final ZmqThread thread = ZmqThread.open("zmq-plane-test");
    private final List<ZmqEventPlane> planes = new ArrayList<>();
    private final Recorder heard = new Recorder();

    @AfterEach
    void close() {
        planes.forEach(ZmqEventPlane::close);
        thread.close();
        discovery.close();
    }

    @Test
    void whoIsThereHearsAProcessFromItsFirstEventOn() {
        plane(1, Duration.ZERO).subscribe(NEWS, heard);
        ZmqEventPlane two = plane(2, GRACE);
        ZmqEventPlane three = plane(3, GRACE);
        two.publish(NEWS, "two: 1");
        three.publish(NEWS, "three: 1");
        two.publish(NEWS, "two: 2");

        await().until(() -> heard.lines.size() == 3);
        assertThat(heard.lines)
                .containsExactlyInAnyOrder("two: 1", "three: 1", "two: 2")
                .containsSubsequence("two: 1", "two: 2");
    }

    @Test
    void aPublisherIsAnnouncedUntilItIsClosed() {
        ZmqEventPlane plane = plane(0x2a, Duration.ZERO);
        assertThat(discovery.instances()).isEmpty();
        plane.publish(NEWS, "a");
        plane.publish(NEWS, "b");
        await().until(() -> discovery.instances().size() == 1);
        Instance announced = discovery.instances().getFirst();

        assertThat(announced.endpoint()).isEqualTo(PUBLISHERS);
        assertThat(announced.instanceId()).isEqualTo(0x2a);
        assertThat(announced.transport().kind()).isEqualTo(Transport.ZMQ);
        assertThat(announced.transport().address()).matches("tcp://127\\.0\\.0\\.1:[1-9][0-9]*");
        plane.close();
        assertThat(discovery.instances()).isEmpty();
    }

    @Test
    void anyZmqSubscriberCanReadWhatIsPublished() {
        var raw = new CopyOnWriteArrayList<List<byte[]>>();
        ZmqEventPlane plane = plane(1, Duration.ZERO);
        plane.publish(NEWS, "unheard");
        await().until(() -> discovery.instances().size() == 1);
        var address = new ZmqEndpoint(discovery.instances().getFirst().transport().address());
        thread.subscriber("news", ZmqLimits.DEFAULT, raw::add).connect(address);
        await().until(() -> plane.hasSubscribers(SUBJECT));
        plane.publish(NEWS, "a");
        await().until(() -> raw.size() == 1);

        EventMessage message = EventMessage.read(raw.getFirst()).orElseThrow();
        assertThat(message.topic()).isEqualTo("news");
        assertThat(message.sequence()).isEqualTo(1);
        assertThat(message.publisherId()).isBetween(0L, (1L << 53) - 1);
    }

    @Test
    void missingNumbersOfAPublisherAreAGap() {
        plane(1, Duration.ZERO).subscribe(NEWS, heard);
        var publisher = new ScriptedPublisher();
        publisher.send(7, 5, "a");
        publisher.send(7, 6, "b");
        publisher.send(7, 9, "c");
        publisher.send(8, 100, "d");
        publisher.send(8, 101, "e");

        heard.await("a", "b", "gap of 2", "c", "d", "e");
    }

    @Test
    void publishersThatShareAnIdHaveNoGaps() {
        plane(1, Duration.ZERO).subscribe(NEWS, heard);
        var publisher = new ScriptedPublisher();
        publisher.send(7, 5, "a");
        publisher.send(7, 1, "b");
        publisher.send(7, 6, "c");
        publisher.send(7, 2, "d");

        heard.await("a", "b", "c", "d");
    }

    @Test
    void anUnreadableEventIsAGapAndOtherMessagesAreNothing() {
        plane(1, Duration.ZERO).subscribe(NEWS, heard);
        var publisher = new ScriptedPublisher();
        publisher.send(7, 0, new JsonObjectBuilder().put("not", "a text").build());
        publisher.sendRaw(List.of("news".getBytes(StandardCharsets.UTF_8), new byte[8]));
        publisher.sendRaw(
                EventMessage.write(new EventEnvelope(9, 0, 0, "newsletter", new JsonString("x"))));
        List<byte[]> broken =
                new ArrayList<>(
                        EventMessage.write(
                                new EventEnvelope(7, 1, 0, "news", new JsonString("x"))));
        broken.getLast()[5] = (byte) 0xc1;
        publisher.sendRaw(broken);
        publisher.send(7, 2, "a");

        heard.await("gap of 1", "gap of 1", "a");
    }

    @Test
    void aPublisherThatMovesIsFollowed() {
        plane(1, Duration.ZERO).subscribe(NEWS, heard);
        var first = new ScriptedPublisher();
        first.send(7, 0, "a");
        heard.await("a");
        var second = new ScriptedPublisher(first.announcement);
        await().until(() -> first.socket.subscriptions() == 0);
        second.send(8, 0, "b");
        heard.await("a", "b");
        first.announcement.close();
        await().until(() -> second.socket.subscriptions() == 0);
    }

    @Test
    void instancesThatAreNoPublishersAreLeftAlone() {
        plane(1, Duration.ZERO).subscribe(NEWS, heard);
        discovery.announce(Instance.of(PUBLISHERS, 5, Transport.tcp("127.0.0.1:1/5/news")));
        discovery.announce(Instance.of(PUBLISHERS, 6, new Transport(Transport.ZMQ, "no address")));
        new ScriptedPublisher().send(7, 0, "a");

        heard.await("a");
    }

    @Test
    void whatIsKeptBackIsBounded() {
        plane(1, Duration.ZERO).subscribe(NEWS, heard);
        ZmqEventPlane plane = plane(2, GRACE);
        IntStream.range(0, 70).forEach(i -> plane.publish(NEWS, "" + i));
        await().until(() -> heard.lines.size() == 64);
        plane.publish(NEWS, "last");

        await().until(() -> heard.lines.getLast().equals("last"));
        assertThat(heard.lines).endsWith("62", "63", "gap of 6", "last");
    }

    private ZmqEventPlane plane(long instanceId, Duration joinGrace) {
        var world =
                new ZmqEventPlane.World(
                        thread,
                        discovery,
                        Thread::startVirtualThread,
                        InstantSource.system(),
                        new SplittableRandom(instanceId));
        var config = new ZmqEventConfig(instanceId, "127.0.0.1", "127.0.0.1", 64, joinGrace);
        var plane = new ZmqEventPlane(world, config);
        planes.add(plane);
        return plane;
    }

    /// Sends what a test says, once the subscriber is there.
    private final class ScriptedPublisher {
        private final ZmqSocket socket = thread.publisher(ZmqLimits.DEFAULT);
        private final Discovery.Announcement announcement;

        ScriptedPublisher() {
            this.announcement = discovery.announce(instance());
            awaitSubscriber();
        }

        /// Takes the place of another one.
        ScriptedPublisher(Discovery.Announcement announcement) {
            this.announcement = announcement;
            announcement.update(instance());
            awaitSubscriber();
        }

        void send(long publisherId, long sequence, String text) {
            send(publisherId, sequence, new JsonString(text));
        }

        void send(long publisherId, long sequence, JsonValue event) {
            sendRaw(EventMessage.write(new EventEnvelope(publisherId, sequence, 0, "news", event)));
        }

        void sendRaw(List<byte[]> frames) {
            socket.send(frames);
        }

        private Instance instance() {
            var address = new Transport(Transport.ZMQ, socket.bind(ANY_PORT).uri());
            return Instance.of(PUBLISHERS, 77, address);
        }

        private void awaitSubscriber() {
            Eventually.await().until(() -> socket.subscriptions() == 1);
        }
    }

    private static final class Recorder implements EventSubscriber<String> {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void onEvent(String event) {
            lines.add(event);
        }

        @Override
        public void onGap(long events) {
            lines.add("gap of " + events);
        }

        void await(String... expected) {
            Eventually.await().untilAsserted(() -> assertThat(lines).containsExactly(expected));
        }
    }
}
