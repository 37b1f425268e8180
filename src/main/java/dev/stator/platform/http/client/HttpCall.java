package dev.stator.platform.http.client;

import dev.stator.platform.http.ConnectionTimer;
import dev.stator.platform.http.client.HttpFailure.Kind;

import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/// One request on its way and the handle on it. Thread-safe; no method blocks.
///
/// Everything but the flags happens on one event loop, that of the connection.
public final class HttpCall {
    private static final Logger LOG = LoggerFactory.getLogger(HttpCall.class);

    private final ClientRequest request;
    private final HttpResponseListener listener;
    private final EventLoop loop;
    private final Consumer<HttpCall> onEnd;
    private final ConnectionTimer timer;
    private Duration expected;
    private @Nullable ClientConnection connection;
    private boolean retried;
    private boolean ended;
    private volatile boolean paused;

    /// @param onEnd called once, when nothing more will happen
    HttpCall(
            ClientRequest request,
            Duration within,
            HttpResponseListener listener,
            EventLoop loop,
            Consumer<HttpCall> onEnd) {
        this.request = request;
        this.expected = within;
        this.listener = listener;
        this.loop = loop;
        this.onEnd = onEnd;
        this.timer = new ConnectionTimer(loop);
    }

    /// Hands over no further piece of the body, reads no further bytes and waits without a deadline
    /// until `resume`. The end of the connection may go unnoticed meanwhile.
    public void pause() {
        paused = true;
        execute(this::applyPause);
    }

    public void resume() {
        paused = false;
        execute(this::applyPause);
    }

    public boolean isPaused() {
        return paused;
    }

    /// Closes the connection. The listener hears of it as a failure, unless the call has ended.
    public void cancel() {
        execute(() -> abort(new HttpFailure(Kind.CANCELLED, "cancelled")));
    }

    /// Lets the listener hear nothing more; what remains of the answer is read only so that its
    /// connection can serve another call.
    public void discardRest() {
        if (loop.inEventLoop()) {
            discardNow();
        } else {
            execute(this::discardNow);
        }
    }

    private void discardNow() {
        ClientConnection current = connection;
        if (!ended && current != null) {
            end();
            current.discard();
        }
    }

    /// From now on the call fails as timed out unless this is called again within `duration`; time
    /// spent paused does not count. Replaces the deadline the call was made with.
    public void expectWithin(Duration duration) {
        if (loop.inEventLoop()) {
            arm(duration);
        } else {
            execute(() -> arm(duration));
        }
    }

    private void arm(Duration duration) {
        expected = duration;
        if (!ended && !paused) {
            timer.arm(duration.toNanos(), this::timeOut);
        }
    }

    private void timeOut() {
        abort(new HttpFailure(Kind.TIMED_OUT, "nothing came for " + expected));
    }

    private void applyPause() {
        if (ended) {
            return;
        }
        if (paused) {
            timer.disarm();
        } else {
            arm(expected);
        }
        if (connection != null) {
            connection.applyPause();
        }
    }

    private void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException _) {
            LOG.debug("{} was touched after its client's end", request);
        }
    }

    ClientRequest request() {
        return request;
    }

    EventLoop loop() {
        return loop;
    }

    boolean hasEnded() {
        return ended;
    }

    /// Starts the clock. Event loop only, as all that follows.
    void begin() {
        arm(expected);
    }

    void attach(ClientConnection current) {
        connection = current;
    }

    /// Whether it may be sent again, which is so once.
    boolean retry() {
        boolean first = !retried;
        retried = true;
        connection = null;
        return first && !ended;
    }

    void head(ResponseHead head) {
        listener.onHead(this, head);
    }

    void body(ByteBuffer bytes) {
        listener.onBody(this, bytes);
        if (bytes.hasRemaining() && !paused && !ended) {
            throw new IllegalStateException("a listener left " + bytes.remaining() + " bytes");
        }
    }

    void complete() {
        if (!ended) {
            end();
            listener.onEnd(this);
        }
    }

    void fail(HttpFailure failure) {
        if (ended) {
            return;
        }
        end();
        try {
            listener.onFailure(this, failure);
        } catch (RuntimeException e) {
            LOG.error("the listener of {} failed", request, e);
        }
    }

    /// Fails and takes the connection with it.
    void abort(HttpFailure failure) {
        ClientConnection current = connection;
        fail(failure);
        if (current != null) {
            current.closeFor(this);
        }
    }

    private void end() {
        ended = true;
        timer.stop();
        onEnd.accept(this);
    }
}
