package dev.stator.runtime.requests.nats;

import dev.stator.platform.nats.NatsClient;
import dev.stator.platform.nats.NatsException;
import dev.stator.platform.nats.NatsMessage;
import dev.stator.platform.nats.NatsReceiver;
import dev.stator.platform.nats.NatsSubscription;
import dev.stator.platform.tcp.TcpLoops;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.requests.DeferredStream;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.RequestHandler;
import dev.stator.runtime.requests.RequestPlane;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.StreamReceiver;
import dev.stator.runtime.requests.callhome.CallHomeDialer;
import dev.stator.runtime.requests.callhome.CallHomeListener;
import dev.stator.runtime.requests.callhome.CallHomeListener.Call;
import dev.stator.runtime.requests.callhome.IncomingAnswer;
import dev.stator.runtime.requests.callhome.ServedEndpoint;
import dev.stator.runtime.requests.callhome.frames.Refusal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Requests between processes that reach each other's NATS server: the request goes through it and
/// is acknowledged by a reply, the answer comes on a connection that the worker opens to the
/// caller.
public final class NatsRequestPlane implements RequestPlane {
    private static final Logger LOG = LoggerFactory.getLogger(NatsRequestPlane.class);
    private static final byte[] ACCEPTED = {};

    private final NatsClient client;
    private final NatsPlaneConfig config;
    private final TcpLoops loops;
    private final CallHomeListener answers;
    private final CallHomeDialer dialer;
    private final Semaphore unacknowledged;
    private final Set<NatsServing> servings = ConcurrentHashMap.newKeySet();
    private boolean closed; // guarded by this

    /// @param client not closed with this
    public NatsRequestPlane(NatsClient client, NatsPlaneConfig config) {
        this.client = client;
        this.config = config;
        this.loops = new TcpLoops("requests", config.threads());
        this.answers = new CallHomeListener(loops, config.answers());
        this.dialer = new CallHomeDialer(loops, config.answers());
        this.unacknowledged = new Semaphore(config.inFlightMax());
    }

    /// Callers find it as soon as there is a connection to NATS.
    @Override
    public synchronized <Q, I> Serving serve(
            Endpoint<Q, I> endpoint, long instanceId, RequestHandler<Q, I> handler) {
        if (closed) {
            throw new IllegalStateException("request plane is closed");
        }
        String subject = NatsSubject.of(endpoint.id(), instanceId);
        Serving registered =
                dialer.serve(
                        subject,
                        new ServedEndpoint<>(endpoint, handler),
                        new Transport(Transport.NATS, subject),
                        config.codec());
        NatsSubscription requests =
                client.subscribe(List.of(subject), config.pending(), new Requests());
        var serving = new NatsServing(registered, requests);
        servings.add(serving);
        return serving;
    }

    @Override
    public <Q, I> RemoteStream open(
            Endpoint<Q, I> endpoint, Instance target, Q request, StreamReceiver<I> receiver) {
        String subject;
        try {
            subject = NatsSubject.of(target.transport());
        } catch (IllegalArgumentException e) {
            return CallHomeListener.unreachable(target, String.valueOf(e.getMessage()), receiver);
        }
        Optional<Call<I>> call = answers.open(endpoint, target, request, receiver);
        call.ifPresent(it -> send(subject, it));
        return call.<RemoteStream>map(Call::answer).orElseGet(DeferredStream::new);
    }

    /// Fails what an instance that is gone has not begun to answer: it may never say a word.
    public void abandon(Instance gone) {
        answers.abandon(gone);
    }

    /// Blocks until no socket is left; must not be called by a receiver.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        servings.forEach(NatsServing::close);
        dialer.close();
        answers.close();
        loops.close();
    }

    private void send(String subject, Call<?> call) {
        if (unacknowledged.tryAcquire()) {
            // what is sent may have to wait for room, which the caller must not
            Thread.ofVirtual().name("nats-request").start(() -> ask(subject, call));
        } else {
            call.answer()
                    .failed(
                            FailureCause.OVERLOADED,
                            config.inFlightMax() + " requests are not acknowledged yet");
        }
    }

    private void ask(String subject, Call<?> call) {
        var _ =
                client.request(subject, call.message().toBytes(), config.ackTimeout())
                        .whenComplete(
                                (reply, failure) -> {
                                    unacknowledged.release();
                                    if (failure != null) {
                                        fail(call.answer(), failure);
                                    } else if (reply.payload().length > 0) {
                                        call.answer().refused(refusal(reply));
                                    }
                                });
    }

    private static void fail(IncomingAnswer<?> answer, Throwable failure) {
        FailureCause cause =
                failure instanceof NatsException nats
                        ? cause(nats.reason())
                        : FailureCause.CONNECTION_LOST;
        answer.failed(cause, failure.getMessage() + " (" + answer.target() + ")");
    }

    private static FailureCause cause(NatsException.Reason reason) {
        return switch (reason) {
            case NOT_SENT, NO_LISTENER -> FailureCause.NO_SUCH_INSTANCE;
            case NO_ANSWER, REFUSED -> FailureCause.CONNECTION_LOST;
            case TOO_LARGE -> FailureCause.HANDLER_FAILED; // and would be everywhere
        };
    }

    private static Refusal refusal(NatsMessage reply) {
        return new Refusal(new String(reply.payload(), StandardCharsets.UTF_8));
    }

    /// What callers ask this process.
    private final class Requests implements NatsReceiver {

        @Override
        public void onMessage(String pattern, NatsMessage request) {
            byte[] reply =
                    dialer.answer(request.subject(), request.payload())
                            .map(it -> it.text().getBytes(StandardCharsets.UTF_8))
                            .orElse(ACCEPTED);
            request.replyTo()
                    .ifPresent(caller -> client.publish(() -> NatsMessage.of(caller, reply)));
        }

        /// Their callers notice.
        @Override
        public void onLost(long messages) {
            LOG.debug("{} requests or more may be lost", messages);
        }
    }

    private final class NatsServing implements Serving {
        private final Serving registered;
        private final NatsSubscription requests;

        NatsServing(Serving registered, NatsSubscription requests) {
            this.registered = registered;
            this.requests = requests;
        }

        @Override
        public Transport transport() {
            return registered.transport();
        }

        @Override
        public Map<String, String> metadata() {
            return registered.metadata();
        }

        @Override
        public void close() {
            requests.close();
            registered.close();
            servings.remove(this);
        }
    }
}
