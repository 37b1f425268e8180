package dev.stator.platform.nats;

import dev.stator.platform.nats.NatsException.Reason;

import io.nats.client.Connection;
import io.nats.client.JetStreamStatusException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// A named connection to NATS that comes up in the background and comes back after every outage.
/// Thread-safe.
///
/// Delivery is at most once. What is published without a connection is dropped, not kept: old news
/// is worse than a gap.
public final class NatsClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NatsClient.class);
    private static final Duration FLUSH_WAIT = Duration.ofSeconds(1);

    private final NatsConfig config;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ConnectionLoop loop;
    private final Outbox outbox;
    private final NatsStreams streams;
    private final LongAdder published = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final AtomicBoolean closed = new AtomicBoolean();
    private boolean refusalIsKnown; // used by the sender's thread only

    private NatsClient(NatsConfig config, RandomGenerator random) {
        this.config = config;
        this.loop = new ConnectionLoop(config, random, subscriptions);
        this.streams = new NatsStreams(this::connection);
        this.outbox = new Outbox(config.name(), config.outgoingMessagesMax(), this::send);
    }

    /// Begins to connect and returns at once, whether or not there is a server.
    ///
    /// @param random spreads the attempts of many clients; used by this client only
    public static NatsClient open(NatsConfig config, RandomGenerator random) {
        var client = new NatsClient(config, random);
        client.loop.start();
        return client;
    }

    public boolean isConnected() {
        return loop.up() != null;
    }

    /// Waits for the first connection. What is subscribed then loses nothing at its beginning.
    ///
    /// @return whether there was one within the time; otherwise it is still tried for
    public boolean awaitConnected(Duration time) throws InterruptedException {
        return loop.awaitFirst(time);
    }

    /// Sends a message in the background, in the order of the calls. Returns at once and throws
    /// nothing, whatever the server does.
    ///
    /// @param message makes the message on the sending thread; when it blocks, only what is sent
    ///     after it waits
    /// @return whether it will be tried; without a connection or room it is dropped and counted
    public boolean publish(Supplier<NatsMessage> message) {
        if (isConnected() && outbox.offer(message)) {
            return true;
        }
        dropped.increment();
        return false;
    }

    /// Delivers what matches the patterns, now or as soon as there is a connection, until the
    /// subscription is closed.
    public NatsSubscription subscribe(
            List<String> patterns, PendingLimits limits, NatsReceiver receiver) {
        if (closed.get()) {
            throw new IllegalStateException("NATS client is closed: " + config.name());
        }
        return subscriptions.add(
                new NatsSubscription(patterns, limits, receiver, subscriptions::remove));
    }

    /// Asks whoever listens to the subject; the answer is what is published on the question's
    /// `replyTo`. Waits for room when much is being sent, for a second at most.
    ///
    /// @return fails with a `NatsException` without connection, listener or timely answer
    public CompletableFuture<NatsMessage> request(
            String subject, byte[] payload, Duration timeout) {
        var answered = new CompletableFuture<NatsMessage>();
        try {
            Connection present = connection();
            requireSize(payload.length, present.getMaxPayload());
            var _ =
                    present.requestWithTimeout(subject, payload, timeout)
                            .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                            .whenComplete(
                                    (answer, failure) ->
                                            settle(answered, subject, answer, failure));
        } catch (NatsException e) {
            answered.completeExceptionally(e);
        } catch (IllegalStateException | IllegalArgumentException e) {
            answered.completeExceptionally(
                    new NatsException(Reason.NOT_SENT, "cannot ask " + subject + ": " + e, e));
        }
        return answered;
    }

    /// The logs that the server keeps.
    public NatsStreams streams() {
        return streams;
    }

    public NatsStats stats() {
        return new NatsStats(
                isConnected(),
                loop.connects(),
                published.sum(),
                dropped.sum(),
                subscriptions.received(),
                subscriptions.lost());
    }

    /// Ends all subscriptions, gives what was published a second to leave, and disconnects.
    /// Idempotent.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        subscriptions.closeAll();
        outbox.close();
        flush();
        loop.close();
    }

    private void flush() {
        Connection present = loop.up();
        if (present == null) {
            return;
        }
        try {
            present.flush(FLUSH_WAIT);
        } catch (TimeoutException | IllegalStateException e) {
            LOG.debug("{} leaves without farewell", config.name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Supplier<NatsMessage> next) {
        Connection present = loop.up();
        if (present == null) {
            dropped.increment();
            return;
        }
        try {
            NatsMessage message = next.get();
            present.publish(message.subject(), message.replyTo().orElse(null), message.payload());
            published.increment();
        } catch (IllegalStateException e) { // the connection broke, or takes nothing
            dropped.increment();
            LOG.debug("{} dropped a message", config.name(), e);
        } catch (RuntimeException e) {
            dropped.increment();
            if (!refusalIsKnown) {
                refusalIsKnown = true;
                LOG.error(
                        "{} cannot send a message, further ones are only counted: {}",
                        config.name(),
                        e.toString());
            }
            LOG.debug("{} cannot send a message", config.name(), e);
        }
    }

    private Connection connection() {
        Connection present = loop.up();
        if (present == null) {
            throw new NatsException(
                    Reason.NOT_SENT, config.name() + " is not connected to NATS", null);
        }
        return present;
    }

    private static void requireSize(long bytes, long bytesMax) {
        if (bytes > bytesMax) {
            throw new NatsException(
                    Reason.TOO_LARGE,
                    "the message has %d bytes, more than the NATS server's max_payload of %d"
                            .formatted(bytes, bytesMax),
                    null);
        }
    }

    private static void settle(
            CompletableFuture<NatsMessage> answered,
            String subject,
            io.nats.client.@Nullable Message answer,
            @Nullable Throwable failure) {
        if (answer != null) {
            answered.complete(Subscriptions.received(answer));
        } else {
            answered.completeExceptionally(unanswered(subject, failure));
        }
    }

    private static NatsException unanswered(String subject, @Nullable Throwable failure) {
        return failure instanceof JetStreamStatusException // what the library makes of status 503
                ? new NatsException(Reason.NO_LISTENER, "nobody listens to " + subject, failure)
                : new NatsException(
                        Reason.NO_ANSWER, "no answer from " + subject + ": " + failure, failure);
    }
}
