package dev.stator.runtime.requests.callhome;

import dev.stator.platform.tcp.TcpLoops;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The worker's side: answers requests, each on a connection to its caller. Thread-safe; no method
/// blocks.
public final class CallHomeDialer implements AutoCloseable {
    private final TcpLoops loops;
    private final CallHomeConfig config;
    private final Set<OutgoingAnswer<?, ?>> answers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// @param loops not closed with this
    public CallHomeDialer(TcpLoops loops, CallHomeConfig config) {
        this.loops = loops;
        this.config = config;
    }

    /// Begins to answer a request, or says why not.
    ///
    /// @param request a two-part message
    public <Q, I> Optional<Refusal> answer(ServedEndpoint<Q, I> served, byte[] request) {
        if (answers.size() >= config.answersMax()) {
            return Optional.of(Refusal.overloaded("worker at capacity"));
        }
        OutgoingAnswer<Q, I> answer;
        try {
            TwoPartMessage message = TwoPartMessage.parse(request);
            ControlMessage control = ControlMessage.parse(message.header());
            HostPort caller = HostPort.parse(control.address());
            answer = new OutgoingAnswer<>(served, control, message.body(), config, answers::remove);
            answers.add(answer);
            loops.connect(caller.host(), caller.port(), config.sockets(), answer);
        } catch (FrameException | IllegalArgumentException e) {
            return Optional.of(Refusal.unavailable(String.valueOf(e.getMessage())));
        }
        if (closed) {
            answer.breakOff();
        }
        return Optional.empty();
    }

    /// Cancels what is being answered. Idempotent.
    @Override
    public void close() {
        closed = true;
        answers.forEach(OutgoingAnswer::breakOff);
    }
}
