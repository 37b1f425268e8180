package dev.stator.platform.zmq;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The platform thread that owns the sockets of a node, which are not thread-safe. Sockets are made
/// and used from anywhere; what they receive is handed over on this thread.
///
/// The thread sleeps in a selector over the sockets' own signals. These are edges: a socket is
/// read until it is empty before the thread sleeps again.
///
/// What is sent after a pause leaves at once; what follows within `WRITE_PACE` leaves together, for
/// to wake four threads on the way costs more than the messages.
public final class ZmqThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ZmqThread.class);
    private static final int COMMANDS_MAX = 65_536;
    private static final int SOCKETS_MAX = 1_000;
    private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(10);

    /// Between two writings.
    private static final Duration WRITE_PACE = Duration.ofMillis(5);

    private final String name;
    private final Selector selector;
    private final BlockingQueue<Runnable> commands = new ArrayBlockingQueue<>(COMMANDS_MAX);
    private final Queue<ZmqSocket> writers = new ConcurrentLinkedQueue<>(); // each at most once
    private final PriorityQueue<Timer> timers = // owned by the thread
            new PriorityQueue<>((one, two) -> Long.signum(one.dueNanos() - two.dueNanos()));
    private final List<ZmqSocket> sockets = new ArrayList<>(); // owned by the thread
    private final Thread thread;
    private @Nullable ZContext context; // owned by the thread; null before it runs
    private long nextWriteNanos = System.nanoTime(); // owned by the thread
    private volatile boolean asleep;
    private volatile boolean writesLater; // asleep, and awake in time for whoever wants to write
    private volatile boolean closing;

    private record Timer(long dueNanos, Runnable action) {}

    private ZmqThread(String name, Selector selector) {
        this.name = name;
        this.selector = selector;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    /// Starts a thread of this name.
    public static ZmqThread open(String name) {
        try {
            var opened = new ZmqThread(name, Selector.open());
            opened.thread.start();
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A socket whose messages go to every subscriber.
    public ZmqSocket publisher(ZmqLimits limits) {
        return add(new ZmqSocket(this, SocketType.XPUB, limits, _ -> {}));
    }

    /// A socket that receives the messages whose first frame begins with `prefix`.
    public ZmqSocket subscriber(String prefix, ZmqLimits limits, ZmqReceiver receiver) {
        var socket = new ZmqSocket(this, SocketType.SUB, limits, receiver);
        add(socket);
        socket.subscribe(prefix.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /// A socket that answers peers: the first frame of what it receives names the peer, and that
    /// of what it sends says to whom.
    public ZmqSocket router(ZmqLimits limits, ZmqReceiver receiver) {
        return add(new ZmqSocket(this, SocketType.ROUTER, limits, receiver));
    }

    /// A socket that asks a router and receives its answers.
    public ZmqSocket dealer(ZmqLimits limits, ZmqReceiver receiver) {
        return add(new ZmqSocket(this, SocketType.DEALER, limits, receiver));
    }

    /// Runs `action` on this thread, once the delay is over.
    public void after(Duration delay, Runnable action) {
        long due = System.nanoTime() + delay.toNanos();
        require(() -> timers.add(new Timer(due, action)));
    }

    /// Runs `action` on this thread. False when too many wait already, or after `close`.
    public boolean execute(Runnable action) {
        boolean accepted = !closing && commands.offer(action);
        if (accepted && asleep) {
            selector.wakeup();
        }
        return accepted;
    }

    /// Like `execute`, for what has to happen unless the thread is closed. Throws `ZmqException`
    /// when too many commands wait already.
    void require(Runnable action) {
        if (!execute(action) && !closing) {
            throw new ZmqException("more than " + COMMANDS_MAX + " commands wait for " + name);
        }
    }

    boolean isClosed() {
        return closing;
    }

    boolean isCurrent() {
        return Thread.currentThread().equals(thread);
    }

    /// Lets the thread write what `socket` has to send; the caller asks once per filling.
    void wantsToWrite(ZmqSocket socket) {
        writers.add(socket);
        if (asleep && !writesLater) {
            selector.wakeup();
        }
    }

    /// Closes all sockets and ends the thread. What is not sent yet is lost. Idempotent.
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        if (isCurrent()) {
            return;
        }
        try {
            if (!thread.join(CLOSE_WAIT_MAX)) {
                LOG.error("{} hangs; it is left to itself", name);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private ZmqSocket add(ZmqSocket socket) {
        if (isCurrent()) {
            socket.create();
        } else {
            require(socket::create);
        }
        return socket;
    }

    /// The new native socket, to be closed by `ZmqSocket.destroy`.
    ZMQ.Socket register(ZmqSocket socket, SocketType type) {
        if (sockets.size() >= SOCKETS_MAX) {
            throw new ZmqException("more than " + SOCKETS_MAX + " sockets on " + name);
        }
        sockets.add(socket);
        return Objects.requireNonNull(context).createSocket(type);
    }

    /// Wakes the thread when the socket's signal is set.
    void listen(ZMQ.Socket socket) {
        try {
            socket.getFD().register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void unregister(ZmqSocket socket, ZMQ.Socket own) {
        sockets.remove(socket);
        own.close();
    }

    private void run() {
        try (selector;
                var sockets = new ZContext()) {
            sockets.setLinger(0);
            sockets.setUncaughtExceptionHandler((_, e) -> LOG.error("{}: I/O thread", name, e));
            sockets.setNotificationExceptionHandler((_, e) -> logNotification(e));
            context = sockets;
            while (!closing) {
                turn();
            }
        } catch (Throwable e) {
            LOG.error("{} stops on a defect", name, e);
        }
    }

    /// The library passes these on and goes on. Sockets that close meet channels already closed.
    private void logNotification(Throwable e) {
        if (e.getCause() instanceof ClosedChannelException) {
            LOG.debug("{}: a channel was closed already", name, e);
        } else {
            LOG.warn("{}: a connection failed", name, e);
        }
    }

    private void turn() throws IOException {
        for (Runnable next = commands.poll(); next != null; next = commands.poll()) {
            guarded(next);
        }
        boolean isBusy = runTimers();
        write();
        for (ZmqSocket socket : List.copyOf(sockets)) {
            isBusy |= socket.read();
        }
        if (!isBusy) {
            sleep();
        }
        selector.selectedKeys().clear();
    }

    private void write() {
        if (writers.isEmpty() || restNanos() > 0) {
            return;
        }
        for (int left = writers.size(); left > 0; left--) {
            ZmqSocket writer = writers.remove();
            guarded(writer::write);
        }
        nextWriteNanos = System.nanoTime() + WRITE_PACE.toNanos();
    }

    /// Until it is time to write again.
    private long restNanos() {
        return nextWriteNanos - System.nanoTime();
    }

    /// Whether one was due.
    private boolean runTimers() {
        long now = System.nanoTime();
        boolean isDue = false;
        while (!timers.isEmpty() && timers.peek().dueNanos() - now <= 0) {
            isDue = true;
            guarded(timers.remove().action());
        }
        return isDue;
    }

    /// Until a socket has something, somebody wants something, or the next timer is due.
    private void sleep() throws IOException {
        long rest = restNanos();
        writesLater = rest > 0;
        asleep = true;
        if (commands.isEmpty() && (writesLater || writers.isEmpty()) && !closing) {
            long nanos = untilNextTimer();
            select(writesLater ? Math.min(rest, nanos) : nanos);
        }
        asleep = false;
    }

    /// @param nanos at most; the largest number for no limit
    private void select(long nanos) throws IOException {
        selector.select(nanos == Long.MAX_VALUE ? 0 : Math.max(1, Math.ceilDiv(nanos, 1_000_000)));
    }

    private long untilNextTimer() {
        return timers.isEmpty() ? Long.MAX_VALUE : timers.element().dueNanos() - System.nanoTime();
    }

    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("{}: an action failed", name, e);
        }
    }
}
