package dev.stator.runtime.requests.tcp;

import dev.stator.platform.tcp.TcpConnection;
import dev.stator.platform.tcp.TcpHandler;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.callhome.IncomingAnswer;
import dev.stator.runtime.requests.callhome.frames.FrameException;
import dev.stator.runtime.requests.callhome.frames.Refusal;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/// A caller's connection to a worker: requests go out, replies come back in their order. The first
/// request opens it. Thread-safe.
final class ClientConnection implements TcpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    private final Consumer<ClientConnection> dial;
    private final Observer observer;
    private final ReplyFrame.Decoder decoder = new ReplyFrame.Decoder();
    private final Queue<Unacknowledged> unacknowledged = new ArrayDeque<>(); // guarded by this
    private final List<byte[][]> waiting = new ArrayList<>(0); // guarded by this
    private @Nullable TcpConnection connection; // guarded by this
    private boolean dialled; // guarded by this
    private boolean closed; // guarded by this
    private long now; // guarded by this: in ticks
    private long lastUse; // guarded by this: in ticks

    /// Hears how a connection fares, without any lock held.
    interface Observer {

        /// The worker's process is there.
        void onReached();

        /// Nothing can be sent any more; called once.
        ///
        /// @param isIdle whether it was only given up
        void onGone(ClientConnection gone, boolean isIdle);
    }

    /// @param dial called once, to open it
    ClientConnection(Consumer<ClientConnection> dial, Observer observer) {
        this.dial = dial;
        this.observer = observer;
    }

    private record Unacknowledged(IncomingAnswer<?> answer, long sinceTick) {}

    /// Whether the request will be sent; its answer then hears of everything that goes wrong.
    boolean send(IncomingAnswer<?> answer, byte[]... request) {
        boolean isFirst;
        synchronized (this) {
            if (closed) {
                return false;
            }
            isFirst = !dialled;
            dialled = true;
            lastUse = now;
            unacknowledged.add(new Unacknowledged(answer, now));
            if (connection == null) {
                waiting.add(request);
            } else {
                connection.send(request);
            }
        }
        if (isFirst) {
            dial.accept(this);
        }
        return true;
    }

    synchronized int inFlight() {
        return unacknowledged.size();
    }

    @Override
    public void onOpen(TcpConnection opened) {
        synchronized (this) {
            connection = opened;
            waiting.forEach(opened::send);
            waiting.clear();
            if (closed) {
                opened.close();
            }
        }
        observer.onReached();
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        try {
            for (Optional<String> reply = decoder.next(bytes);
                    reply.isPresent();
                    reply = decoder.next(bytes)) {
                onReply(reply.get());
            }
        } catch (FrameException e) {
            close("a reply is not understood: " + e.getMessage());
        }
    }

    private void onReply(String text) {
        Unacknowledged oldest;
        synchronized (this) {
            oldest = unacknowledged.poll();
        }
        if (oldest == null) {
            throw new FrameException("it answers nothing");
        }
        if (!text.isEmpty()) {
            oldest.answer.refused(new Refusal(text));
        }
    }

    /// Called regularly.
    void tick(long ackTicks, long idleTicks) {
        boolean isIdle;
        boolean isStuck;
        synchronized (this) {
            now++;
            Unacknowledged oldest = unacknowledged.peek();
            isIdle = oldest == null && now - lastUse > idleTicks;
            isStuck = oldest != null && now - oldest.sinceTick > ackTicks;
        }
        if (isStuck) {
            close("a request is not acknowledged");
        } else if (isIdle) {
            end("idle", true);
        }
    }

    private void close(String why) {
        LOG.warn("a connection to a worker is closed: {}", why);
        end(why, false);
    }

    @Override
    public void onClosed(String why) {
        end(why, false);
    }

    private void end(String why, boolean isIdle) {
        List<Unacknowledged> left;
        TcpConnection opened;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            left = List.copyOf(unacknowledged);
            unacknowledged.clear();
            waiting.clear();
            opened = connection;
        }
        observer.onGone(this, isIdle);
        if (opened != null) {
            opened.close();
        }
        FailureCause cause =
                opened == null ? FailureCause.NO_SUCH_INSTANCE : FailureCause.CONNECTION_LOST;
        left.forEach(it -> it.answer.failed(cause, why + " (" + it.answer.target() + ")"));
    }
}
