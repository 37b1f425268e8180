package dev.stator.platform.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What the library says about one connection: notices its end, and says every complaint of the
/// server once.
final class ConnectionEvents implements ConnectionListener, ErrorListener {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionEvents.class);
    private static final int COMPLAINTS_MAX = 32;

    private final String name;
    private final Runnable onOverrun;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Set<String> complaints = ConcurrentHashMap.newKeySet();
    private volatile String lastProblem = "";

    /// @param onOverrun hears that the library dropped messages
    ConnectionEvents(String name, Runnable onOverrun) {
        this.name = name;
        this.onOverrun = onOverrun;
    }

    /// Why the last attempt failed, as far as is known; may be empty.
    String lastProblem() {
        return lastProblem;
    }

    /// Whether the connection ended within the time.
    boolean awaitEnd(Duration time) throws InterruptedException {
        return ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    @SuppressWarnings("deprecation") // and yet it must be implemented
    public void connectionEvent(Connection connection, Events event) {
        LOG.debug("{}: {}", name, event);
        if (event == Events.DISCONNECTED || event == Events.CLOSED) {
            ended.countDown();
        }
    }

    @Override
    public void errorOccurred(Connection connection, String error) {
        lastProblem = error;
        if (complaints.size() < COMPLAINTS_MAX && complaints.add(error)) {
            LOG.warn("the NATS server complains about {}: {}", name, error);
        }
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception problem) {
        lastProblem = String.valueOf(problem.getMessage());
        LOG.debug("{}", name, problem);
    }

    @Override
    public void slowConsumerDetected(Connection connection, Consumer consumer) {
        onOverrun.run();
    }
}
