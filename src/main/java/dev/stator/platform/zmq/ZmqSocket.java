package dev.stator.platform.zmq;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// One socket, made by a `ZmqThread`. Thread-safe: what is asked of it is done on that thread.
///
/// Connections come back by themselves, and a peer that is gone without a word is noticed by
/// heartbeats.
public final class ZmqSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ZmqSocket.class);
    private static final Duration ANSWER_WAIT_MAX = Duration.ofSeconds(10);
    private static final int MESSAGES_PER_TURN_MAX = 1_024;
    private static final int FRAMES_MAX = 16;
    private static final int RECONNECT_MILLIS = 100;
    private static final int RECONNECT_MILLIS_MAX = 5_000;

    // JeroMQ 0.6 forgets to read some of the connections it makes, see its pull request 1022. They
    // end and are made anew when this is over.
    private static final int HANDSHAKE_MILLIS = 2_000;

    private static final int HEARTBEAT_MILLIS = 5_000;
    private static final int HEARTBEAT_TIMEOUT_MILLIS = 15_000;

    private final ZmqThread thread;
    private final SocketType type;
    private final ZmqLimits limits;
    private final ZmqReceiver receiver;
    private final BlockingQueue<List<byte[]>> outgoing;
    private final AtomicBoolean wantsToWrite = new AtomicBoolean();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong subscriptions = new AtomicLong();
    private ZMQ.@Nullable Socket socket; // owned by the thread; null before create, after destroy
    private volatile boolean closed;

    ZmqSocket(ZmqThread thread, SocketType type, ZmqLimits limits, ZmqReceiver receiver) {
        this.thread = thread;
        this.type = type;
        this.limits = limits;
        this.receiver = receiver;
        this.outgoing = new ArrayBlockingQueue<>(limits.outgoingMax());
    }

    /// Listens there and returns where that is, with the port the system chose if it was asked to.
    ///
    /// Throws `ZmqException` when the endpoint is taken or is not of this machine.
    public ZmqEndpoint bind(ZmqEndpoint endpoint) {
        if (closed || thread.isClosed()) {
            throw new ZmqException("the socket is closed, so it cannot listen at " + endpoint);
        }
        var bound = new CompletableFuture<ZmqEndpoint>();
        run(() -> completeBound(endpoint, bound));
        try {
            return bound.get(ANSWER_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new ZmqException("cannot listen at " + endpoint + ": " + reason(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new ZmqException("listening at " + endpoint + " took too long", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ZmqException("interrupted while listening at " + endpoint, e);
        }
    }

    /// Connects and stays so, also while nobody listens there. Returns at once.
    public void connect(ZmqEndpoint endpoint) {
        run(
                () -> {
                    if (socket != null) {
                        own().setIPv6(endpoint.isIpv6());
                        own().connect(endpoint.uri());
                    }
                });
    }

    /// Ends a connection made by `connect`. Returns at once.
    public void disconnect(ZmqEndpoint endpoint) {
        run(
                () -> {
                    if (socket != null) {
                        own().disconnect(endpoint.uri());
                    }
                });
    }

    /// Sends a message. False, and counted, when too many wait already or the socket is closed.
    /// Never blocks.
    public boolean send(List<byte[]> frames) {
        if (closed || thread.isClosed() || !outgoing.offer(frames)) {
            dropped.incrementAndGet();
            return false;
        }
        if (!wantsToWrite.getAndSet(true)) {
            thread.wantsToWrite(this);
        }
        return true;
    }

    /// Messages that found no room here.
    public long dropped() {
        return dropped.get();
    }

    /// The different prefixes that subscribers of this publisher ask for now, 0 when there are no
    /// subscribers.
    public long subscriptions() {
        return subscriptions.get();
    }

    /// The receiver hears no more. Returns at once; the thread closes the socket. Idempotent.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            thread.require(this::destroy);
        }
    }

    void subscribe(byte[] prefix) {
        run(() -> own().subscribe(prefix));
    }

    void create() {
        ZMQ.Socket made = thread.register(this, type);
        socket = made;
        made.setLinger(0);
        made.setHWM(limits.highWater());
        made.setMaxMsgSize(limits.frameBytesMax());
        made.setReconnectIVL(RECONNECT_MILLIS);
        made.setReconnectIVLMax(RECONNECT_MILLIS_MAX);
        made.setHandshakeIvl(HANDSHAKE_MILLIS);
        made.setHeartbeatIvl(HEARTBEAT_MILLIS);
        made.setHeartbeatTimeout(HEARTBEAT_TIMEOUT_MILLIS);
        thread.listen(made);
    }

    /// Writes what was waiting when it began.
    void write() {
        wantsToWrite.set(false);
        if (socket == null) {
            return;
        }
        for (int left = outgoing.size(); left > 0; left--) {
            List<byte[]> frames = outgoing.remove();
            for (int i = 0; i < frames.size(); i++) {
                boolean isLast = i == frames.size() - 1;
                if (!own().send(
                                frames.get(i),
                                isLast ? ZMQ.DONTWAIT : ZMQ.DONTWAIT | ZMQ.SNDMORE)) {
                    dropped.incrementAndGet();
                    break;
                }
            }
        }
    }

    /// Hands over what has arrived. Whether there may be more.
    boolean read() {
        for (int i = 0; i < MESSAGES_PER_TURN_MAX; i++) {
            if (socket == null) {
                return false;
            }
            byte[] first = own().recv(ZMQ.DONTWAIT);
            if (first == null) {
                return false;
            }
            receive(message(first));
        }
        return true;
    }

    private List<byte[]> message(byte[] first) {
        List<byte[]> frames = new ArrayList<>(4);
        frames.add(first);
        while (own().hasReceiveMore()) {
            byte[] next = own().recv(ZMQ.DONTWAIT);
            if (next != null && frames.size() <= FRAMES_MAX) {
                frames.add(next);
            }
        }
        return frames;
    }

    private void receive(List<byte[]> frames) {
        if (type == SocketType.XPUB) {
            countSubscription(frames.getFirst());
            return;
        }
        if (closed || frames.size() > FRAMES_MAX) {
            return;
        }
        try {
            receiver.onMessage(frames);
        } catch (RuntimeException e) {
            LOG.error("a receiver failed", e);
        }
    }

    /// The first subscriber to a prefix sends 1, the last one that goes 0.
    private void countSubscription(byte[] message) {
        if (message.length > 0 && message[0] == 1) {
            subscriptions.incrementAndGet();
        } else if (message.length > 0 && message[0] == 0) {
            subscriptions.decrementAndGet();
        }
    }

    private void completeBound(ZmqEndpoint endpoint, CompletableFuture<ZmqEndpoint> bound) {
        try {
            own().setIPv6(endpoint.isIpv6());
            own().bind(endpoint.uri());
            bound.complete(new ZmqEndpoint(own().getLastEndpoint()));
        } catch (RuntimeException e) {
            bound.completeExceptionally(e);
        }
    }

    private void run(Runnable action) {
        if (thread.isCurrent()) {
            action.run();
        } else {
            thread.require(action);
        }
    }

    private ZMQ.Socket own() {
        return Objects.requireNonNull(socket, "the socket is closed");
    }

    private void destroy() {
        if (socket != null) {
            thread.unregister(this, own());
            socket = null;
            outgoing.clear();
        }
    }

    private static String reason(@Nullable Throwable cause) {
        return cause instanceof ZMQException zmq
                ? ZMQ.Error.findByCode(zmq.getErrorCode()).getMessage()
                : String.valueOf(cause);
    }
}
