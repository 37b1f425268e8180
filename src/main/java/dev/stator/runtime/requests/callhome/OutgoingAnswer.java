package dev.stator.runtime.requests.callhome;

import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.tcp.TcpConnection;
import dev.stator.runtime.requests.DeferredStream;
import dev.stator.runtime.requests.EndpointCodec;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamEnd.Completed;
import dev.stator.runtime.requests.StreamEnd.Failed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.StreamReceiver;
import dev.stator.runtime.requests.callhome.frames.AnswerFrames;
import dev.stator.runtime.requests.callhome.frames.ControlMessage;
import dev.stator.runtime.requests.callhome.frames.FrameException;
import dev.stator.runtime.requests.callhome.frames.TwoPartMessage;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.Consumer;

/// One answer on its way from a handler to the caller.
///
/// Opens the handler on a virtual thread once there is a connection to the caller, and passes on
/// what the handler says. The handler is paused while the caller does not keep up, and cancelled
/// when the caller wants no more or is gone.
final class OutgoingAnswer<Q, I> implements StreamReceiver<I> {
    private enum Phase {
        CALLING,
        OPENING,
        STREAMING,
        DONE,
        KEEPING,
        GONE;

        /// Whether the handler has nothing more to do.
        boolean isOver() {
            return compareTo(DONE) >= 0;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(OutgoingAnswer.class);

    private final ServedEndpoint<Q, I> served;
    private final ControlMessage control;
    private final CallHomeConfig config;
    private final Consumer<OutgoingAnswer<?, ?>> onGone;
    private final DeferredStream handle = new DeferredStream();
    private byte @Nullable [] request; // until it is read
    private @Nullable TcpConnection connection; // guarded by this
    private boolean greeted; // guarded by this
    private volatile Phase phase = Phase.CALLING; // written guarded by this

    OutgoingAnswer(
            ServedEndpoint<Q, I> served,
            ControlMessage control,
            byte[] request,
            CallHomeConfig config,
            Consumer<OutgoingAnswer<?, ?>> onGone) {
        this.served = served;
        this.control = control;
        this.request = request;
        this.config = config;
        this.onGone = onGone;
    }

    /// The caller hears from here on.
    void onConnected(TcpConnection opened) {
        synchronized (this) {
            if (phase == Phase.CALLING) {
                phase = Phase.OPENING;
                connection = opened;
            }
        }
        if (phase == Phase.GONE) {
            opened.close();
            return;
        }
        Thread.ofVirtual().name("request").start(this::open);
    }

    /// Called regularly. A handler that takes its time is announced to the caller, which can cancel
    /// it from then on; the others' first frame follows the hello in one write.
    synchronized void tick() {
        if (phase == Phase.OPENING) {
            greet();
        }
    }

    private void open() {
        try {
            handle.attach(served.handler().open(readRequest(), this));
            begin();
        } catch (FrameException e) {
            onEnd(new Failed(FailureCause.HANDLER_FAILED, String.valueOf(e.getMessage())));
        } catch (Throwable e) {
            LOG.error("the handler of {} failed", served.endpoint().id(), e);
            onEnd(new Failed(FailureCause.HANDLER_FAILED, "handler failed: " + e.getMessage()));
        }
    }

    private Q readRequest() {
        byte[] bytes = request;
        request = null;
        if (bytes == null) {
            throw new IllegalStateException("the request was read before");
        }
        try {
            JsonValue tree = control.codec().read(bytes);
            EndpointCodec<Q, I> codec = served.endpoint().codec();
            Q read = codec.readRequest(control.id(), JsonField.root(tree));
            return control.metadata().isEmpty()
                    ? read
                    : codec.withMetadata(read, control.metadata());
        } catch (JsonException | JsonFieldException | IllegalArgumentException e) {
            throw new FrameException("the request is invalid: " + e.getMessage());
        }
    }

    private synchronized void begin() {
        if (phase == Phase.OPENING) {
            send(AnswerFrames.begun());
            phase = Phase.STREAMING;
        }
    }

    @Override
    public void onItem(I item) {
        if (phase.isOver()) {
            return;
        }
        TwoPartMessage message;
        try {
            message = body(AnswerFrames.item(served.endpoint().codec().writeItem(item)));
        } catch (RuntimeException e) {
            LOG.error("an item of {} cannot be written", served.endpoint().id(), e);
            giveUp("an item cannot be written: " + e.getMessage());
            return;
        }
        if (message.body().length > config.messageBytesMax()) {
            giveUp("an item has " + message.body().length + " bytes, more than can be sent");
            return;
        }
        TcpConnection full = null;
        synchronized (this) {
            begin();
            if (phase == Phase.STREAMING && connection != null) {
                full = connection.send(message.prefix(), message.body()) ? connection : null;
            }
        }
        if (full != null) {
            pauseWhileFull(full);
        }
    }

    /// Room that was made before the handler was paused was announced too early.
    private void pauseWhileFull(TcpConnection full) {
        handle.pause();
        if (!full.isFull()) {
            handle.resume();
        }
    }

    private void giveUp(String why) {
        onEnd(new Failed(FailureCause.HANDLER_FAILED, why));
        handle.close();
    }

    @Override
    public synchronized void onEnd(StreamEnd end) {
        switch (end) {
            case Failed failure when phase == Phase.OPENING ->
                    finish(AnswerFrames.notBegun(failure));
            case Failed failure when phase == Phase.STREAMING -> {
                send(body(AnswerFrames.failed(failure)).toBytes());
                finish(body(AnswerFrames.complete()).toBytes(), AnswerFrames.sentinel());
            }
            case Completed() when phase == Phase.OPENING || phase == Phase.STREAMING -> {
                begin();
                complete(body(AnswerFrames.complete()).toBytes(), AnswerFrames.sentinel());
            }
            default -> {}
        }
    }

    private TwoPartMessage body(JsonValue content) {
        return TwoPartMessage.ofBody(control.codec().write(content));
    }

    /// Caller holds the lock.
    private void complete(byte[]... last) {
        if (control.keepsConnection()) {
            phase = Phase.KEEPING;
            send(last);
        } else {
            finish(last);
        }
    }

    /// Caller holds the lock.
    private void finish(byte[]... last) {
        phase = Phase.DONE;
        send(last);
        if (connection != null) {
            connection.closeAfter(config.closeWait());
        }
    }

    /// Caller holds the lock.
    private void send(byte[]... parts) {
        greet();
        if (connection != null) {
            connection.send(parts);
        }
    }

    /// Caller holds the lock.
    private void greet() {
        if (connection != null && !greeted) {
            greeted = true;
            connection.send(AnswerFrames.hello(control.subject()));
        }
    }

    /// Whether everything is said and the caller may keep the connection.
    boolean isKeeping() {
        return phase == Phase.KEEPING;
    }

    /// The caller wants no more.
    ///
    /// @param atOnce otherwise it awaits the end
    void onCancelled(boolean atOnce) {
        if (atOnce) {
            breakOff();
        } else {
            handle.close();
        }
    }

    /// Cancels without another word to the caller.
    void breakOff() {
        TcpConnection opened;
        boolean isOver;
        synchronized (this) {
            isOver = phase.isOver();
            phase = Phase.GONE;
            opened = connection;
        }
        if (opened != null) {
            opened.close();
        }
        if (!isOver) {
            handle.close();
        }
    }

    /// The connection was full and has room again.
    void onRoom() {
        handle.resume();
    }

    /// The connection is gone, or carries others from here on.
    void onLost(String why) {
        Phase last;
        synchronized (this) {
            last = phase;
            phase = Phase.GONE;
        }
        if (last == Phase.CALLING) {
            LOG.warn("cannot answer {} at {}: {}", control.id(), control.address(), why);
        }
        if (!last.isOver()) {
            handle.close();
        }
        onGone.accept(this);
    }
}
