package dev.stator.platform.nats;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

import javax.net.ssl.SSLContext;

/// Makes a connection, waits for its end, and makes the next one, for ever.
///
/// The library's own reconnecting is off: it keeps what was queued when a connection broke and
/// sends it minutes later, and it gives up when a server refuses twice. Here every connection
/// begins empty, and the first one is made like all others.
final class ConnectionLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLoop.class);

    private static final Duration CONNECT_WAIT = Duration.ofSeconds(2);
    private static final Duration FLUSH_WAIT = Duration.ofSeconds(2);
    private static final Duration PING_INTERVAL = Duration.ofSeconds(5);
    private static final int PINGS_OUT_MAX = 2;
    private static final Duration WRITE_WAIT = Duration.ofSeconds(10);
    private static final Duration ROOM_WAIT = Duration.ofSeconds(1);
    private static final int WRITER_MESSAGES_MAX = 1_024;
    private static final int RETRY_MILLIS_MIN = 200;
    private static final int RETRY_MILLIS_MAX = 600;
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private final NatsConfig config;
    private final RandomGenerator random; // used by the loop's thread only
    private final Listener listener;
    private final Optional<SSLContext> trust;
    private final ExecutorService threads;
    private final ScheduledExecutorService timer;
    private final Thread loop;
    private final AtomicLong connects = new AtomicLong();
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile @Nullable Connection up;
    private volatile boolean closed;
    private boolean failureIsKnown; // used by the loop's thread only

    /// Hears of connections on the loop's thread.
    interface Listener {

        /// A connection was made; what is subscribed now is active when `onReady` is called.
        void onConnected(Connection connection);

        /// The server has taken all subscriptions.
        void onReady();

        /// The connection is of no more use.
        void onLost();

        /// The library dropped received messages.
        void onOverrun();
    }

    ConnectionLoop(NatsConfig config, RandomGenerator random, Listener listener) {
        ThreadFactory named =
                Thread.ofPlatform().daemon().name("nats-" + config.name() + "-", 0).factory();
        this.config = config;
        this.random = random;
        this.listener = listener;
        this.trust = config.access().trust();
        this.threads = Executors.newCachedThreadPool(named);
        this.timer = Executors.newSingleThreadScheduledExecutor(named);
        this.loop = Thread.ofVirtual().name("nats-loop-" + config.name()).unstarted(this::run);
    }

    void start() {
        loop.start();
    }

    /// The connection that messages can be sent on now, null when there is none.
    @Nullable Connection up() {
        return up;
    }

    /// Whether the first connection came up within the time.
    boolean awaitFirst(Duration time) throws InterruptedException {
        return first.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Times a connection came up.
    long connects() {
        return connects.get();
    }

    @Override
    public void close() {
        closed = true;
        loop.interrupt();
        try {
            if (!loop.join(CLOSE_WAIT)) {
                LOG.warn("{} did not end within {}", loop.getName(), CLOSE_WAIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        timer.shutdownNow();
    }

    private void run() {
        try {
            while (!closed) {
                attempt();
                Thread.sleep(random.nextInt(RETRY_MILLIS_MIN, RETRY_MILLIS_MAX));
            }
        } catch (InterruptedException e) {
            LOG.debug("{} ends", loop.getName());
        }
    }

    private void attempt() throws InterruptedException {
        var events = new ConnectionEvents(config.name(), listener::onOverrun);
        try {
            Connection connection = Nats.connect(options(events));
            try {
                use(connection, events);
            } finally {
                up = null;
                listener.onLost();
                connection.close();
            }
        } catch (IOException | TimeoutException | RuntimeException e) {
            tellFailure(events.lastProblem().isEmpty() ? e.toString() : events.lastProblem());
        }
    }

    private void use(Connection connection, ConnectionEvents events)
            throws InterruptedException, TimeoutException {
        listener.onConnected(connection);
        connection.flush(FLUSH_WAIT);
        String url = NatsConfig.shown(String.valueOf(connection.getConnectedUrl()));
        up = connection;
        failureIsKnown = false;
        connects.incrementAndGet();
        LOG.info("{} is connected to {}", config.name(), url);
        listener.onReady();
        first.countDown();
        while (connection.getStatus() == Connection.Status.CONNECTED
                && !events.awaitEnd(STATUS_INTERVAL)) {}
        failureIsKnown = true;
        LOG.warn("{} lost its connection to {}, trying to get it back", config.name(), url);
    }

    private void tellFailure(String problem) {
        if (!failureIsKnown && !closed) {
            failureIsKnown = true;
            List<String> shown = config.servers().stream().map(NatsConfig::shown).toList();
            LOG.warn("{} cannot reach NATS at {}, trying on: {}", config.name(), shown, problem);
        }
    }

    private Options options(ConnectionEvents events) {
        Options.Builder options = new Options.Builder();
        trust.ifPresent(options::sslContext);
        NatsConfig.Access access = config.access();
        access.user()
                .ifPresent(
                        it ->
                                options.userInfo(
                                        it.name().toCharArray(), it.password().toCharArray()));
        access.token().ifPresent(it -> options.token(it.toCharArray()));
        return options.servers(config.servers().toArray(String[]::new))
                .connectionName(config.name())
                .connectionTimeout(CONNECT_WAIT)
                .noReconnect()
                .reportNoResponders()
                .reconnectBufferSize(0)
                .pingInterval(PING_INTERVAL)
                .maxPingsOut(PINGS_OUT_MAX)
                .socketWriteTimeout(WRITE_WAIT)
                .maxMessagesInOutgoingQueue(WRITER_MESSAGES_MAX)
                .writeQueuePushTimeout(ROOM_WAIT)
                .connectionListener(events)
                .errorListener(events)
                .executor(threads)
                .scheduledExecutor(timer)
                .build();
    }
}
