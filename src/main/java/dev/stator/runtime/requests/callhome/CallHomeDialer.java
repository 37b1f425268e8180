package dev.stator.runtime.requests.callhome;

import dev.stator.platform.tcp.TcpLoops;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.requests.RequestPlane.Serving;
import dev.stator.runtime.requests.callhome.frames.ControlMessage;
import dev.stator.runtime.requests.callhome.frames.FrameException;
import dev.stator.runtime.requests.callhome.frames.KeptConnections;
import dev.stator.runtime.requests.callhome.frames.PayloadCodec;
import dev.stator.runtime.requests.callhome.frames.Refusal;
import dev.stator.runtime.requests.callhome.frames.TwoPartMessage;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The worker's side: knows what is served, and answers the requests for it, each on a connection
/// to its caller that carries nothing else meanwhile. Thread-safe; no method blocks.
public final class CallHomeDialer implements AutoCloseable {
    private final CallHomeConfig config;
    private final AnswerConnections connections;
    private final Map<String, ServedEndpoint<?, ?>> served = new ConcurrentHashMap<>(); // by path
    private final Set<OutgoingAnswer<?, ?>> answers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// @param loops not closed with this
    public CallHomeDialer(TcpLoops loops, CallHomeConfig config) {
        this.config = config;
        this.connections = new AnswerConnections(loops, config);
    }

    /// Takes requests for a path until the serving is closed.
    ///
    /// Throws `IllegalStateException` when the path is served already.
    ///
    /// @param path what is unique in `transport` among all that this process serves
    /// @param transport to announce
    /// @param codec what callers are asked to write
    public Serving serve(
            String path, ServedEndpoint<?, ?> endpoint, Transport transport, PayloadCodec codec) {
        if (served.putIfAbsent(path, endpoint) != null) {
            throw new IllegalStateException("already served: " + transport);
        }
        return new Registered(path, transport, codec);
    }

    /// Begins to answer a request, or says why not.
    ///
    /// @param request a two-part message
    public Optional<Refusal> answer(String path, byte[] request) {
        ServedEndpoint<?, ?> endpoint = served.get(path);
        return endpoint == null
                ? Optional.of(Refusal.unavailable(path + " is not served here"))
                : answer(endpoint, request);
    }

    private <Q, I> Optional<Refusal> answer(ServedEndpoint<Q, I> endpoint, byte[] request) {
        if (answers.size() >= config.answersMax()) {
            return Optional.of(Refusal.overloaded("worker at capacity"));
        }
        OutgoingAnswer<Q, I> answer;
        try {
            TwoPartMessage message = TwoPartMessage.parse(request);
            ControlMessage control = ControlMessage.parse(message.header());
            HostPort caller = HostPort.parse(control.address());
            answer =
                    new OutgoingAnswer<>(
                            endpoint, control, message.body(), config, answers::remove);
            answers.add(answer);
            connections.carry(caller, answer);
        } catch (FrameException | IllegalArgumentException e) {
            return Optional.of(Refusal.unavailable(String.valueOf(e.getMessage())));
        }
        if (closed) {
            answer.breakOff();
        }
        return Optional.empty();
    }

    /// Connections that carry no answer and are kept for others.
    public int keptConnections() {
        return connections.idle();
    }

    /// Cancels what is being answered, and serves nothing any more. Idempotent.
    @Override
    public void close() {
        closed = true;
        served.clear();
        answers.forEach(OutgoingAnswer::breakOff);
    }

    private final class Registered implements Serving {
        private final String path;
        private final Transport transport;
        private final PayloadCodec codec;
        private final AtomicBoolean withdrawn = new AtomicBoolean();

        Registered(String path, Transport transport, PayloadCodec codec) {
            this.path = path;
            this.transport = transport;
            this.codec = codec;
        }

        @Override
        public Transport transport() {
            return transport;
        }

        @Override
        public Map<String, String> metadata() {
            Map<String, String> all = new HashMap<>(codec.metadata());
            all.putAll(KeptConnections.METADATA);
            return all;
        }

        /// Leaves one that has taken its place alone.
        @Override
        public void close() {
            if (withdrawn.compareAndSet(false, true)) {
                served.remove(path);
            }
        }
    }
}
