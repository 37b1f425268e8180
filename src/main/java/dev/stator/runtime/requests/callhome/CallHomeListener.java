package dev.stator.runtime.requests.callhome;

import dev.stator.platform.tcp.TcpListener;
import dev.stator.platform.tcp.TcpLoops;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.requests.DeferredStream;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.EndpointCodec;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.StreamEnd.Failed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.StreamReceiver;
import dev.stator.runtime.requests.callhome.frames.ControlMessage;
import dev.stator.runtime.requests.callhome.frames.PayloadCodec;
import dev.stator.runtime.requests.callhome.frames.TwoPartMessage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The caller's side: awaits workers that call to answer. Listens from the first request on.
/// Thread-safe; no method blocks.
public final class CallHomeListener implements AutoCloseable {
    private static final Duration TICK_MAX = Duration.ofSeconds(1);
    private static final int TICKS_MIN = 10;

    private final TcpLoops loops;
    private final CallHomeConfig config;
    private final Map<String, IncomingAnswer<?>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger idle = new AtomicInteger(); // connections that carry no answer
    private @Nullable TcpListener listener; // guarded by this
    private volatile boolean closed;

    /// @param loops not closed with this
    public CallHomeListener(TcpLoops loops, CallHomeConfig config) {
        this.loops = loops;
        this.config = config;
    }

    /// A request that is to be sent, and its answer.
    public record Call<I>(String requestId, TwoPartMessage message, IncomingAnswer<I> answer) {}

    /// Ends the answer to a request that cannot be sent because of where it is to go.
    public static RemoteStream unreachable(
            Instance target, String why, StreamReceiver<?> receiver) {
        String message = "%s cannot be reached: %s".formatted(target, why);
        receiver.onEnd(new Failed(FailureCause.NO_SUCH_INSTANCE, message));
        return new DeferredStream();
    }

    /// Prepares a request. Empty when it cannot be sent; then the receiver knows why.
    public <Q, I> Optional<Call<I>> open(
            Endpoint<Q, I> endpoint, Instance target, Q request, StreamReceiver<I> receiver) {
        PayloadCodec codec = PayloadCodec.of(target);
        String subject = UUID.randomUUID().toString();
        var answer =
                new IncomingAnswer<>(
                        target,
                        codec,
                        endpoint.codec().reader(request),
                        receiver,
                        () -> answers.remove(subject));
        if (answers.size() >= config.answersMax()) {
            answer.failed(FailureCause.OVERLOADED, answers.size() + " answers are awaited already");
            return Optional.empty();
        }
        byte[] body = codec.write(endpoint.codec().writeRequest(request));
        if (body.length > config.messageBytesMax()) {
            answer.failed(
                    FailureCause.HANDLER_FAILED,
                    "the request has %d bytes, more than %d"
                            .formatted(body.length, config.messageBytesMax()));
            return Optional.empty();
        }
        answers.put(subject, answer);
        if (closed) {
            breakOff(answer);
            return Optional.empty();
        }
        return call(endpoint.codec(), request, body, subject, answer);
    }

    private <Q, I> Optional<Call<I>> call(
            EndpointCodec<Q, I> codec,
            Q request,
            byte[] body,
            String subject,
            IncomingAnswer<I> answer) {
        try {
            String id = codec.requestId(request);
            var control =
                    new ControlMessage(
                            id,
                            address().toString(),
                            subject,
                            answer.codec(),
                            answer.keepsConnection(),
                            codec.metadata(request));
            return Optional.of(new Call<>(id, new TwoPartMessage(control.toBytes(), body), answer));
        } catch (UncheckedIOException e) {
            answer.failed(FailureCause.CONNECTION_LOST, "no answer can come: " + e.getMessage());
            return Optional.empty();
        }
    }

    /// Fails what an instance that is gone has not begun to answer.
    public void abandon(Instance gone) {
        for (IncomingAnswer<?> answer : answers.values()) {
            if (answer.target().isSameAs(gone)) {
                answer.failed(FailureCause.CONNECTION_LOST, gone + " is gone");
            }
        }
    }

    /// Breaks off every answer and listens no more. Idempotent.
    @Override
    public void close() {
        closed = true;
        answers.values().forEach(CallHomeListener::breakOff);
        synchronized (this) {
            if (listener != null) {
                listener.close();
            }
        }
    }

    /// The answer that a worker brings.
    Optional<IncomingAnswer<?>> awaited(String subject) {
        return Optional.ofNullable(answers.get(subject));
    }

    /// Whether a connection may stay open without an answer; then it is counted.
    boolean keepsAnother() {
        if (idle.incrementAndGet() <= config.idleMax()) {
            return true;
        }
        idle.decrementAndGet();
        return false;
    }

    /// One that stayed open has gone or carries an answer again.
    void keepsOneLess() {
        idle.decrementAndGet();
    }

    CallHomeConfig config() {
        return config;
    }

    private static void breakOff(IncomingAnswer<?> answer) {
        answer.breakOff(FailureCause.CONNECTION_LOST, "the request plane was closed");
    }

    /// Where workers call. Throws `UncheckedIOException` when nothing can listen there.
    private synchronized HostPort address() {
        if (listener == null) {
            listener = listen();
        }
        return new HostPort(config.advertisedHost(), listener.address().getPort());
    }

    private TcpListener listen() {
        try {
            var address = new InetSocketAddress(config.host(), config.port());
            TcpListener opened =
                    loops.listen(
                            address,
                            config.sockets().resetting(),
                            () -> new IncomingConnection(this));
            Duration tick = tick();
            int callTicks = (int) config.callTimeout().dividedBy(tick);
            int cancelTicks = (int) config.cancelTimeout().dividedBy(tick);
            loops.every(
                    tick, () -> answers.values().forEach(it -> it.tick(callTicks, cancelTicks)));
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Duration tick() {
        Duration shorter =
                config.callTimeout().compareTo(config.cancelTimeout()) < 0
                        ? config.callTimeout()
                        : config.cancelTimeout();
        Duration fine = shorter.dividedBy(TICKS_MIN);
        return fine.compareTo(TICK_MAX) < 0 ? fine : TICK_MAX;
    }
}
