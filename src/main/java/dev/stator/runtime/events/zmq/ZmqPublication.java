package dev.stator.runtime.events.zmq;

import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.zmq.ZmqEndpoint;
import dev.stator.platform.zmq.ZmqException;
import dev.stator.platform.zmq.ZmqSocket;
import dev.stator.platform.zmq.ZmqThread;
import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.events.EventEnvelope;
import dev.stator.runtime.events.Subject;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/// The publisher of one topic: a socket of its own, announced in discovery. What is published
/// before it is open, and a moment longer for subscribers to join, is kept back. Thread-safe.
final class ZmqPublication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ZmqPublication.class);

    private final Subject subject;
    private final long publisherId;
    private final ZmqEventConfig config;
    private final ZmqSocket socket;
    private final Queue<List<byte[]>> keptBack = new ArrayDeque<>(); // guarded by this
    private long nextSequence; // guarded by this
    private boolean isOpen; // guarded by this
    private boolean closed; // guarded by this
    private Discovery.@Nullable Announcement announcement; // guarded by this

    ZmqPublication(Subject subject, long publisherId, ZmqEventConfig config, ZmqSocket socket) {
        this.subject = subject;
        this.publisherId = publisherId;
        this.config = config;
        this.socket = socket;
    }

    /// Takes a number for the event, also when it is dropped, so that subscribers notice.
    synchronized void publish(JsonValue event, long nowMillis) {
        var envelope =
                new EventEnvelope(publisherId, nextSequence++, nowMillis, subject.topic(), event);
        List<byte[]> frames = EventMessage.write(envelope);
        if (isOpen) {
            socket.send(frames);
        } else if (keptBack.size() < config.pendingEventsMax() && !closed) {
            keptBack.add(frames);
        }
    }

    /// Whether anybody listens now.
    boolean hasSubscribers() {
        return socket.subscriptions() > 0;
    }

    /// Listens and announces itself, which may take a while.
    void open(ZmqThread thread, Discovery discovery) {
        try {
            ZmqEndpoint bound = socket.bind(new ZmqEndpoint("tcp://" + config.bindHost() + ":0"));
            var address = new ZmqEndpoint("tcp://" + config.advertisedHost() + ":" + bound.port());
            announced(discovery.announce(instance(subject, config.instanceId(), address)));
            thread.after(config.joinGrace(), this::release);
        } catch (ZmqException | IllegalStateException e) {
            LOG.error("events of {} go nowhere: {}", subject, e.getMessage());
            close();
        }
    }

    /// Events are published under the name of their topic, as an endpoint of their component.
    static EndpointId endpoint(Subject subject) {
        return new EndpointId(subject.namespace(), subject.component(), subject.topic());
    }

    /// Withdraws the announcement and ends the socket. Idempotent.
    @Override
    public void close() {
        Discovery.Announcement made;
        synchronized (this) {
            closed = true;
            isOpen = false;
            keptBack.clear();
            made = announcement;
            announcement = null;
        }
        if (made != null) {
            made.close();
        }
        socket.close();
    }

    private static Instance instance(Subject subject, long instanceId, ZmqEndpoint address) {
        return Instance.of(
                endpoint(subject), instanceId, new Transport(Transport.ZMQ, address.uri()));
    }

    private void announced(Discovery.Announcement made) {
        synchronized (this) {
            if (!closed) {
                announcement = made;
                return;
            }
        }
        made.close();
    }

    private synchronized void release() {
        if (!closed) {
            isOpen = true;
            keptBack.forEach(socket::send);
            keptBack.clear();
        }
    }
}
