package dev.stator.platform.http;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// One request and the way to answer it, once. Thread-safe; no method blocks.
public final class HttpExchange {
    private final HttpConnection connection;
    private final HttpRequest head;
    private final String path;
    private final String tail;
    private final AtomicBoolean answered = new AtomicBoolean();

    private final List<Future<?>> timers = new ArrayList<>(0); // event-loop thread only
    private byte[] body; // guarded by this
    private Runnable onDisconnect = () -> {}; // guarded by this
    private boolean disconnected; // guarded by this
    private volatile @Nullable SseStream stream;

    HttpExchange(HttpConnection connection, IncomingRequest request, String prefix) {
        this.connection = connection;
        this.head = request.head();
        this.path = request.path();
        this.tail = decoded(path.substring(prefix.length()));
        this.body = request.takeBody();
    }

    public String method() {
        return head.method().name();
    }

    /// The path without the query, as sent (percent signs are not decoded).
    public String path() {
        return path;
    }

    /// What the `*` of the route stands for, percent signs decoded; empty for a route without.
    public String tail() {
        return tail;
    }

    /// The first value of that name in the query, percent signs and pluses decoded.
    ///
    /// Throws `IllegalArgumentException` when the query is not well-formed.
    public Optional<String> query(String name) {
        return Optional.ofNullable(new QueryStringDecoder(head.uri()).parameters().get(name))
                .map(List::getFirst);
    }

    /// The first header field of that name, in any case.
    public Optional<String> header(String name) {
        return Optional.ofNullable(head.headers().get(name));
    }

    /// The body, which the caller owns from now on; a second call gets an empty one.
    public synchronized byte[] takeBody() {
        byte[] taken = body;
        body = new byte[0];
        return taken;
    }

    /// Runs `action` once, on the event loop, when the client leaves before the answer is
    /// complete; at once and here when it has left already. Replaces the action before.
    public void onDisconnect(Runnable action) {
        synchronized (this) {
            if (!disconnected) {
                onDisconnect = action;
                return;
            }
        }
        action.run();
    }

    /// Runs `action` on the event loop after `delay`, unless the answer is complete or the client
    /// has left before.
    public void after(Duration delay, Runnable action) {
        connection.execute(() -> connection.schedule(this, delay, action));
    }

    /// Runs `action` on the event loop once every `period` until the answer is complete or the
    /// client has left.
    public void every(Duration period, Runnable action) {
        after(
                period,
                () -> {
                    action.run();
                    every(period, action);
                });
    }

    public boolean isAnswered() {
        return answered.get();
    }

    /// Answers whole. Throws `IllegalStateException` when an answer has been begun.
    public void respond(HttpResponse response) {
        claim();
        connection.execute(() -> connection.writeWhole(this, response));
    }

    /// Answers 200 with a stream of events. Throws `IllegalStateException` when an answer has been
    /// begun.
    public SseStream openSse(Map<String, String> headers, SseStream.Listener listener) {
        claim();
        SseStream opened = connection.newStream(this, listener);
        stream = opened;
        connection.execute(() -> connection.writeStreamHead(this, headers));
        opened.flush();
        return opened;
    }

    /// Unlike in a form, a plus is a plus; what is not well-formed stays as it is.
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return text;
        }
    }

    /// Remembers what is to be given up at the end. Event-loop thread only.
    void remember(Future<?> timer) {
        timers.removeIf(Future::isDone);
        timers.add(timer);
    }

    /// Nothing that is scheduled happens any more. Event-loop thread only.
    void stopTimers() {
        timers.forEach(it -> it.cancel(false));
        timers.clear();
    }

    HttpRequest head() {
        return head;
    }

    Optional<SseStream> stream() {
        return Optional.ofNullable(stream);
    }

    void disconnect() {
        Runnable action;
        synchronized (this) {
            disconnected = true;
            action = onDisconnect;
            onDisconnect = () -> {};
        }
        stream().ifPresent(SseStream::discard);
        action.run();
    }

    private void claim() {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("already answered: " + method() + " " + path);
        }
    }
}
