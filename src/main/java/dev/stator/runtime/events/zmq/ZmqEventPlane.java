package dev.stator.runtime.events.zmq;

import dev.stator.platform.zmq.ZmqLimits;
import dev.stator.platform.zmq.ZmqSocket;
import dev.stator.platform.zmq.ZmqThread;
import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.events.EventEnvelope;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Subject;
import dev.stator.runtime.events.Topic;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/// Events without a broker: each process listens for subscribers of each topic it publishes, and
/// discovery says where. Always in Dynamo's layout.
///
/// A publisher is announced at its first event and keeps its events back for `joinGrace`, so that
/// subscribers that are there hear them all. Whoever subscribes later hears what is sent from a
/// moment on. Missing numbers of a publisher and overflow of a subscriber's queue are gaps.
public final class ZmqEventPlane implements EventPlane {
    /// An event may have 100 KB, and what waits for a peer that does not read is memory: fewer than
    /// the library's usual 100,000 messages. What is lost is a gap.
    private static final ZmqLimits LIMITS = ZmqLimits.DEFAULT.withHighWater(8_192);

    private final World world;
    private final ZmqEventConfig config;
    private final Map<Subject, ZmqPublication> publications = new ConcurrentHashMap<>();
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// What the plane works with, none of which it closes.
    ///
    /// @param executor announces publishers, and runs the subscribers, each with at most one task
    /// @param random names the publishers; used by this plane only
    public record World(
            ZmqThread thread,
            Discovery discovery,
            Executor executor,
            InstantSource clock,
            RandomGenerator random) {}

    public ZmqEventPlane(World world, ZmqEventConfig config) {
        this.world = world;
        this.config = config;
    }

    @Override
    public <E> void publish(Topic<E> topic, E event) {
        if (closed) {
            return;
        }
        ZmqPublication publication = publications.computeIfAbsent(topic.subject(), this::open);
        publication.publish(topic.codec().dynamo().write(event), world.clock().millis());
        if (closed) {
            publication.close();
        }
    }

    @Override
    public <E> Subscription subscribe(Topic<E> topic, EventSubscriber<E> subscriber) {
        var queue =
                new ZmqSubscription<>(
                        topic, subscriber, config.pendingEventsMax(), world.executor());
        ZmqSocket socket =
                world.thread().subscriber(topic.subject().topic(), LIMITS, queue::receive);
        Discovery.Watch watch =
                world.discovery()
                        .watch(new Connections(ZmqPublication.endpoint(topic.subject()), socket));
        var subscription =
                new Subscription() {
                    @Override
                    public void close() {
                        subscriptions.remove(this);
                        watch.close();
                        socket.close();
                        queue.close();
                    }
                };
        subscriptions.add(subscription);
        if (closed) {
            subscription.close();
        }
        return subscription;
    }

    /// Whether anybody listens now to what this process publishes about a subject.
    public boolean hasSubscribers(Subject subject) {
        @Nullable ZmqPublication publication = publications.get(subject);
        return publication != null && publication.hasSubscribers();
    }

    @Override
    public void close() {
        closed = true;
        publications.values().forEach(ZmqPublication::close);
        subscriptions.forEach(Subscription::close);
    }

    private ZmqPublication open(Subject subject) {
        long publisherId;
        synchronized (world.random()) {
            publisherId = world.random().nextLong(1L << EventEnvelope.PUBLISHER_ID_BITS);
        }
        var socket = world.thread().publisher(LIMITS);
        var publication = new ZmqPublication(subject, publisherId, config, socket);
        world.executor().execute(() -> publication.open(world.thread(), world.discovery()));
        return publication;
    }
}
