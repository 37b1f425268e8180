package dev.stator.platform.http;

import java.nio.charset.StandardCharsets;

/// An open stream of server-sent events. Thread-safe; no method blocks.
///
/// Events sent between two turns of the event loop leave in one write. What is sent after the
/// client has gone, or after `finish` or `abort`, is dropped.
public final class SseStream {
    private static final int KEPT_CHARS_MAX = 8 << 10;

    /// Hears how a stream's client keeps up. Called on the event loop; must not block.
    public interface Listener {

        /// The client does not keep up: send nothing more for now.
        void onFull();

        /// There is room again.
        void onRoom();
    }

    private final HttpConnection connection;
    private final HttpExchange exchange;
    private final Listener listener;
    private final int pendingCharsMax;

    private StringBuilder pending = new StringBuilder(512); // guarded by this
    private boolean scheduled; // guarded by this
    private boolean ended; // guarded by this
    private boolean cut; // guarded by this; nothing leaves any more, not even the end

    SseStream(
            HttpConnection connection,
            HttpExchange exchange,
            Listener listener,
            int pendingCharsMax) {
        this.connection = connection;
        this.exchange = exchange;
        this.listener = listener;
        this.pendingCharsMax = pendingCharsMax;
    }

    /// Sends one event. `data` must not contain a line break.
    public void send(CharSequence data) {
        append("data: ", data);
    }

    /// Sends what clients pass over and proxies take for a sign of life. `text` must not contain a
    /// line break.
    public void comment(CharSequence text) {
        append(": ", text);
    }

    private void append(String field, CharSequence text) {
        boolean overflow;
        synchronized (this) {
            if (ended) {
                return;
            }
            pending.append(field).append(text).append("\n\n");
            overflow = pending.length() > pendingCharsMax;
            if (!overflow) {
                scheduleDrain();
                return;
            }
        }
        abort();
    }

    /// Ends the response after everything sent so far.
    public synchronized void finish() {
        if (!ended) {
            ended = true;
            scheduleDrain();
        }
    }

    /// Cuts the connection; what has not left yet is lost.
    public void abort() {
        discard();
        connection.abort(exchange);
    }

    /// Drops what is pending and everything to come.
    synchronized void discard() {
        ended = true;
        cut = true;
        pending = new StringBuilder(0);
    }

    /// Lets the head of the response leave.
    synchronized void flush() {
        scheduleDrain();
    }

    Listener listener() {
        return listener;
    }

    /// Caller holds this object's lock.
    private void scheduleDrain() {
        if (!scheduled) {
            scheduled = true;
            connection.execute(this::drain);
        }
    }

    private void drain() {
        String text;
        boolean last;
        synchronized (this) {
            scheduled = false;
            if (cut) {
                return;
            }
            text = pending.toString();
            last = ended;
            if (pending.capacity() > KEPT_CHARS_MAX) {
                pending = new StringBuilder(512);
            } else {
                pending.setLength(0);
            }
        }
        connection.writeEvents(exchange, text.getBytes(StandardCharsets.UTF_8), last);
    }
}
