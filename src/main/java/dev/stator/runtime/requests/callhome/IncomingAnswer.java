package dev.stator.runtime.requests.callhome;

import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.tcp.TcpConnection;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.requests.GuardedReceiver;
import dev.stator.runtime.requests.ItemReader;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamEnd.Completed;
import dev.stator.runtime.requests.StreamEnd.Failed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.StreamReceiver;
import dev.stator.runtime.requests.callhome.frames.AnswerFrames;
import dev.stator.runtime.requests.callhome.frames.AnswerFrames.Word;
import dev.stator.runtime.requests.callhome.frames.FrameException;
import dev.stator.runtime.requests.callhome.frames.KeptConnections;
import dev.stator.runtime.requests.callhome.frames.PayloadCodec;
import dev.stator.runtime.requests.callhome.frames.Refusal;
import dev.stator.runtime.requests.callhome.frames.TwoPartMessage;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;

/// One answer as its caller awaits it: first for the worker to call, then for the handler to begin,
/// then item by item. Frames come on the event loop of the worker's connection, everything else
/// from anywhere.
public final class IncomingAnswer<I> implements RemoteStream {
    private static final Logger LOG = LoggerFactory.getLogger(IncomingAnswer.class);

    /// Time for a worker that was told to stop at once to hear it.
    private static final Duration KILL_WAIT = Duration.ofSeconds(1);

    private final Instance target;
    private final PayloadCodec codec;
    private final ItemReader<I> reader;
    private final GuardedReceiver<I> receiver;

    private final boolean keepsConnection;
    private boolean begun; // event loop only
    private boolean complete; // event loop only
    private @Nullable TcpConnection connection; // guarded by this
    private boolean paused; // guarded by this
    private boolean cancelled; // guarded by this
    private int ticks; // guarded by this: since it was opened, or cancelled

    IncomingAnswer(
            Instance target,
            PayloadCodec codec,
            ItemReader<I> reader,
            StreamReceiver<I> receiver,
            Runnable onEnded) {
        this.target = target;
        this.codec = codec;
        this.reader = reader;
        this.keepsConnection = KeptConnections.isUnderstoodBy(target);
        this.receiver =
                new GuardedReceiver<>(
                        receiver,
                        () -> breakOff(FailureCause.HANDLER_FAILED, "the receiver failed"),
                        onEnded);
    }

    /// Who answers.
    public Instance target() {
        return target;
    }

    PayloadCodec codec() {
        return codec;
    }

    boolean keepsConnection() {
        return keepsConnection;
    }

    /// The worker does not begin.
    public void refused(Refusal refusal) {
        endBeforeCall(refusal.end());
    }

    /// The request did not reach the worker, or nobody knows whether it did. Without effect when
    /// the worker has called already.
    public void failed(FailureCause cause, String message) {
        endBeforeCall(new Failed(cause, message));
    }

    private void endBeforeCall(Failed failure) {
        synchronized (this) {
            if (connection != null) {
                return;
            }
        }
        receiver.onEnd(failure);
    }

    /// Whether the answer is still awaited; then the worker's frames follow.
    synchronized boolean called(TcpConnection worker) {
        if (connection != null || receiver.hasEnded()) {
            return false;
        }
        connection = worker;
        if (paused) {
            worker.pauseReading();
        }
        return true;
    }

    /// Whether the frame is the last of a complete answer, and the connection can serve for others:
    /// then nothing that is done to this answer touches the connection any more.
    ///
    /// Throws `FrameException` when the frame does not belong there.
    boolean leaves(TcpConnection worker, TwoPartMessage frame) {
        if (!complete || !keepsConnection || !AnswerFrames.isSentinel(frame)) {
            return false;
        }
        synchronized (this) {
            if (cancelled) {
                return false;
            }
            connection = null;
        }
        worker.resumeReading();
        return true;
    }

    /// Throws `FrameException` when the frame does not belong there.
    void onFrame(TcpConnection worker, TwoPartMessage frame) {
        if (receiver.hasEnded()) {
            worker.close();
        } else if (!begun) {
            begun = true;
            AnswerFrames.readBegun(frame).ifPresent(failure -> end(worker, failure));
        } else if (AnswerFrames.isSentinel(frame)) {
            throw new FrameException("the worker is done before the answer is complete");
        } else {
            onBody(worker, frame.body());
        }
    }

    private void onBody(TcpConnection worker, byte[] body) {
        AnswerFrames.Item item;
        try {
            item = AnswerFrames.readItem(codec.read(body));
        } catch (JsonException | JsonFieldException e) {
            throw new FrameException("an item is unreadable: " + e.getMessage());
        }
        if (item.failure().isPresent()) {
            end(worker, item.failure().get());
            return;
        }
        try {
            if (item.data().isPresent()) {
                pass(item.data());
            }
        } catch (JsonFieldException | IllegalArgumentException e) {
            LOG.warn("an item of {} is invalid: {}", target, e.getMessage());
            breakOff(FailureCause.HANDLER_FAILED, "an item is invalid: " + e.getMessage());
            return;
        }
        if (item.isFinal()) {
            complete = true;
            receiver.onEnd(new Completed());
            if (!keepsConnection) {
                worker.schedule(KILL_WAIT, worker::close);
            }
        }
    }

    private void pass(JsonField data) {
        for (I each : reader.read(data)) {
            receiver.onItem(each);
        }
    }

    private void end(TcpConnection worker, StreamEnd end) {
        receiver.onEnd(end);
        worker.close();
    }

    /// The worker's connection is gone.
    void onLost(String why) {
        boolean expected;
        synchronized (this) {
            expected = cancelled;
        }
        receiver.onEnd(
                expected
                        ? new Completed()
                        : new Failed(
                                FailureCause.CONNECTION_LOST,
                                "the answer of " + target + " broke off: " + why));
    }

    /// Ends it from this side, and the worker's work with it.
    void breakOff(FailureCause cause, String message) {
        Optional<TcpConnection> worker;
        synchronized (this) {
            worker = Optional.ofNullable(connection);
        }
        receiver.onEnd(new Failed(cause, message));
        worker.ifPresent(
                it -> {
                    it.send(Word.KILL.toBytes());
                    it.resumeReading();
                    it.closeAfter(KILL_WAIT);
                });
    }

    /// Called regularly.
    void tick(int callTicks, int cancelTicks) {
        boolean isLate;
        boolean isStuck;
        synchronized (this) {
            ticks++;
            isLate = connection == null && ticks > callTicks;
            isStuck = cancelled && ticks > cancelTicks;
        }
        if (isLate) {
            failed(FailureCause.CONNECTION_LOST, target + " took the request and did not answer");
        } else if (isStuck) {
            breakOff(FailureCause.CONNECTION_LOST, target + " goes on though it was cancelled");
        }
    }

    @Override
    public synchronized void pause() {
        paused = !cancelled;
        if (connection != null && paused) {
            connection.pauseReading();
        }
    }

    @Override
    public synchronized void resume() {
        paused = false;
        if (connection != null) {
            connection.resumeReading();
        }
    }

    /// A worker that has not called yet finds that nobody awaits its answer.
    @Override
    public void close() {
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            paused = false;
            ticks = 0;
            if (connection != null) {
                connection.send(Word.STOP.toBytes());
                connection.resumeReading();
                return;
            }
        }
        receiver.onEnd(new Completed());
    }
}
