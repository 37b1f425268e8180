package dev.stator.runtime.requests.tcp;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.tcp.TcpListener;
import dev.stator.platform.tcp.TcpLoops;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.requests.DeferredStream;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.RequestHandler;
import dev.stator.runtime.requests.RequestPlane;
import dev.stator.runtime.requests.StreamReceiver;
import dev.stator.runtime.requests.callhome.CallHomeDialer;
import dev.stator.runtime.requests.callhome.CallHomeListener;
import dev.stator.runtime.requests.callhome.CallHomeListener.Call;
import dev.stator.runtime.requests.callhome.HostPort;
import dev.stator.runtime.requests.callhome.ServedEndpoint;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/// Requests between processes as Dynamo sends them: the request goes to the worker on a pooled
/// connection and is acknowledged there, the answer comes on a connection that the worker opens.
///
/// Listens for requests from the first serving on, and for answers from the first request on.
public final class TcpRequestPlane implements RequestPlane {
    private final TcpPlaneConfig config;
    private final TcpLoops loops;
    private final ConnectionPool pool;
    private final CallHomeListener answers;
    private final CallHomeDialer dialer;
    private @Nullable TcpListener listener; // guarded by this
    private volatile boolean closed;

    public TcpRequestPlane(TcpPlaneConfig config) {
        this.config = config;
        this.loops = new TcpLoops("requests", config.threads());
        this.pool = new ConnectionPool(loops, config);
        this.answers = new CallHomeListener(loops, config.answers());
        this.dialer = new CallHomeDialer(loops, config.answers());
    }

    /// Throws `UncheckedIOException` when the address cannot be listened at.
    @Override
    public <Q, I> Serving serve(
            Endpoint<Q, I> endpoint, long instanceId, RequestHandler<Q, I> handler) {
        var address = new TcpAddress(server(), TcpAddress.path(endpoint.id(), instanceId));
        return dialer.serve(
                address.path(),
                new ServedEndpoint<>(endpoint, handler),
                Transport.tcp(address.toString()),
                config.codec());
    }

    @Override
    public <Q, I> RemoteStream open(
            Endpoint<Q, I> endpoint, Instance target, Q request, StreamReceiver<I> receiver) {
        TcpAddress address;
        try {
            address = address(target.transport());
        } catch (IllegalArgumentException e) {
            return CallHomeListener.unreachable(target, String.valueOf(e.getMessage()), receiver);
        }
        Optional<Call<I>> call = answers.open(endpoint, target, request, receiver);
        call.ifPresent(it -> send(address, it));
        return call.<RemoteStream>map(Call::answer).orElseGet(DeferredStream::new);
    }

    /// Fails what an instance that is gone has not begun to answer: it may never say a word.
    public void abandon(Instance gone) {
        answers.abandon(gone);
    }

    /// False when the last connection to the instance's process broke, or could not be made, and
    /// none could since; true also when there was none yet.
    public boolean isReachable(Instance target) {
        return server(target).filter(pool::isLost).isEmpty();
    }

    /// Connections for requests to other processes that are open or being opened.
    public int requestConnections() {
        return pool.size();
    }

    /// Connections to callers that are kept for further answers and carry none.
    public int keptConnections() {
        return dialer.keptConnections();
    }

    /// Blocks until no socket and no thread is left; must not be called by a receiver.
    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            if (listener != null) {
                listener.close();
            }
        }
        dialer.close();
        answers.close();
        loops.close();
    }

    private void send(TcpAddress address, Call<?> call) {
        String headers =
                Json.write(new JsonObjectBuilder().put("request-id", call.requestId()).build());
        byte[] payload = call.message().toBytes();
        byte[] head = RequestFrame.head(address.path(), headers, payload.length);
        pool.send(address.server(), call.answer(), head, payload);
    }

    private static Optional<HostPort> server(Instance target) {
        try {
            return Optional.of(address(target.transport()).server());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static TcpAddress address(Transport transport) {
        if (!transport.kind().equals(Transport.TCP)) {
            throw new IllegalArgumentException("it is not on TCP: " + transport);
        }
        return TcpAddress.parse(transport.address());
    }

    private synchronized HostPort server() {
        if (closed) {
            throw new IllegalStateException("request plane is closed");
        }
        if (listener == null) {
            listener = listen();
        }
        return new HostPort(config.advertisedHost(), listener.address().getPort());
    }

    private TcpListener listen() {
        int bytesMax = config.answers().messageBytesMax() + (64 << 10);
        try {
            return loops.listen(
                    new InetSocketAddress(config.host(), config.port()),
                    config.sockets(),
                    () ->
                            new ServerConnection(
                                    it -> dialer.answer(it.path(), it.payload()), bytesMax));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
