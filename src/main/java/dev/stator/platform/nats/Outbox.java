package dev.stator.platform.nats;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A bounded queue of messages and the one thread that makes and sends them, so that whoever
/// publishes neither encodes nor waits.
final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

    private final BlockingQueue<Supplier<NatsMessage>> waiting;
    private final Consumer<Supplier<NatsMessage>> send;
    private final Thread sender;
    private volatile boolean closed;

    /// @param send makes a message and sends it; runs on the sender's thread and does not throw
    Outbox(String name, int messagesMax, Consumer<Supplier<NatsMessage>> send) {
        this.waiting = new ArrayBlockingQueue<>(messagesMax);
        this.send = send;
        this.sender = Thread.ofVirtual().name("nats-sender-" + name).start(this::run);
    }

    /// Whether there was room.
    boolean offer(Supplier<NatsMessage> message) {
        return !closed && waiting.offer(message);
    }

    /// Sends what waits, if that takes no longer than a second.
    @Override
    public void close() {
        closed = true;
        try {
            waiting.offer(End.END, CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (!sender.join(CLOSE_WAIT)) {
                LOG.warn("{} gave up on {} messages", sender.getName(), waiting.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.interrupt();
    }

    private void run() {
        try {
            Supplier<NatsMessage> next = waiting.take();
            while (!(next instanceof End)) {
                send.accept(next);
                next = waiting.take();
            }
        } catch (InterruptedException e) {
            LOG.debug("{} was stopped", sender.getName());
        }
    }

    /// Stands behind the last message.
    private enum End implements Supplier<NatsMessage> {
        END;

        @Override
        public NatsMessage get() {
            throw new IllegalStateException("the end is not a message");
        }
    }
}
