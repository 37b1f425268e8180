package dev.stator.runtime.requests.callhome;

import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.tcp.TcpConnection;
import dev.stator.platform.tcp.TcpHandler;
import dev.stator.runtime.requests.DeferredStream;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamEnd.Completed;
import dev.stator.runtime.requests.StreamEnd.Failed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.StreamReceiver;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/// One answer on its way from a handler to the caller.
///
/// Calls the caller, opens the handler on a virtual thread once it is there, and passes on what the
/// handler says. The handler is paused while the caller does not keep up, and cancelled when the
/// caller wants no more or is gone.
final class OutgoingAnswer<Q, I> implements TcpHandler, StreamReceiver<I> {
    private enum Phase {
        CALLING,
        OPENING,
        STREAMING,
        DONE,
        GONE
    }

    private static final Logger LOG = LoggerFactory.getLogger(OutgoingAnswer.class);
    private static final int CONTROL_BYTES_MAX = 1 << 10;

    private final ServedEndpoint<Q, I> served;
    private final ControlMessage control;
    private final CallHomeConfig config;
    private final Consumer<OutgoingAnswer<?, ?>> onGone;
    private final DeferredStream handle = new DeferredStream();
    private final TwoPartDecoder decoder = new TwoPartDecoder(CONTROL_BYTES_MAX, 0);
    private byte @Nullable [] request; // until it is read
    private @Nullable TcpConnection connection; // guarded by this
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

    @Override
    public void onOpen(TcpConnection opened) {
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
        opened.send(AnswerFrames.hello(control.subject()));
        Thread.ofVirtual().name("request").start(this::open);
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
            return served.endpoint().codec().readRequest(control.id(), JsonField.root(tree));
        } catch (JsonException | JsonFieldException | IllegalArgumentException e) {
            throw new FrameException("the request is invalid: " + e.getMessage());
        }
    }

    private synchronized void begin() {
        if (phase == Phase.OPENING) {
            send(AnswerFrames.BEGUN);
            phase = Phase.STREAMING;
        }
    }

    @Override
    public void onItem(I item) {
        if (phase == Phase.DONE || phase == Phase.GONE) {
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
                finish(body(AnswerFrames.complete()).toBytes(), AnswerFrames.SENTINEL);
            }
            case Completed() when phase == Phase.OPENING || phase == Phase.STREAMING -> {
                begin();
                finish(body(AnswerFrames.complete()).toBytes(), AnswerFrames.SENTINEL);
            }
            default -> {}
        }
    }

    private TwoPartMessage body(JsonValue content) {
        return TwoPartMessage.ofBody(control.codec().write(content));
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
        if (connection != null) {
            connection.send(parts);
        }
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        try {
            for (Optional<TwoPartMessage> wish = decoder.next(bytes);
                    wish.isPresent();
                    wish = decoder.next(bytes)) {
                if (AnswerFrames.readKill(wish.get())) {
                    breakOff();
                    return;
                }
                handle.close();
            }
        } catch (FrameException e) {
            LOG.warn("the caller of {} is not understood: {}", control.id(), e.getMessage());
            breakOff();
        }
    }

    /// Cancels without another word to the caller.
    void breakOff() {
        TcpConnection opened;
        boolean isDone;
        synchronized (this) {
            isDone = phase == Phase.DONE;
            phase = Phase.GONE;
            opened = connection;
        }
        if (opened != null) {
            opened.close();
        }
        if (!isDone) {
            handle.close();
        }
    }

    @Override
    public void onRoom() {
        handle.resume();
    }

    @Override
    public void onClosed(String why) {
        Phase last;
        synchronized (this) {
            last = phase;
            phase = Phase.GONE;
        }
        if (last == Phase.CALLING) {
            LOG.warn("cannot answer {} at {}: {}", control.id(), control.address(), why);
        }
        if (last != Phase.DONE && last != Phase.GONE) {
            handle.close();
        }
        onGone.accept(this);
    }
}
