package dev.stator.platform.http.client;

import dev.stator.platform.http.client.HttpFailure.Kind;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/// Sends requests and hands over their answers as they come. Thread-safe. Owns its event loops.
///
/// Connections are kept and used again, the last one first. A request that finds a kept connection
/// closed, before a byte of the answer has come, is sent once more on a new one.
public final class HttpClient implements AutoCloseable {
    private static final int READ_BYTES_MIN = 2 << 10;

    private final HttpClientLimits limits;
    private final EventLoopGroup loops;
    private final Bootstrap bootstrap;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Map<HttpAddress, ConnectionPool> pools = new ConcurrentHashMap<>();
    private final Set<HttpCall> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// @param threads event loops
    public HttpClient(HttpClientLimits limits, int threads) {
        boolean epoll = Epoll.isAvailable();
        this.limits = limits;
        this.loops =
                new MultiThreadIoEventLoopGroup(
                        threads,
                        new DefaultThreadFactory("http-client"),
                        epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        int initial = Math.min(READ_BYTES_MIN, limits.readBytesMax());
        var reads = new AdaptiveRecvByteBufAllocator(initial, initial, limits.readBytesMax());
        this.bootstrap =
                new Bootstrap()
                        .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                Math.toIntExact(limits.connectTimeout().toMillis()))
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(ChannelOption.RECVBUF_ALLOCATOR, reads.maxMessagesPerRead(1));
    }

    /// Sends `request`. The answer must begin, and go on as the listener's calls of
    /// `HttpCall.expectWithin` say, `within` the given time, which counts from now.
    public HttpCall send(ClientRequest request, Duration within, HttpResponseListener listener) {
        ConnectionPool pool = pool(request.address());
        Optional<ClientConnection> kept = pool.takeIdle();
        EventLoop loop = kept.map(it -> it.channel().eventLoop()).orElseGet(this::nextLoop);
        var call = new HttpCall(request, within, listener, loop, calls::remove);
        calls.add(call);
        try {
            loop.execute(() -> start(call, pool, kept));
        } catch (RejectedExecutionException _) {
            call.fail(closedFailure());
        }
        return call;
    }

    /// Sends `request` and reads the answer as server-sent events.
    public HttpCall stream(ClientRequest request, Duration within, EventListener listener) {
        return send(request, within, new EventResponse(listener, limits));
    }

    /// Sends `request` and reads the whole answer, which must have come `within` the given time.
    /// The future fails with an `IOException`, as the JDK's own sockets do.
    public CompletableFuture<HttpReply> fetch(ClientRequest request, Duration within) {
        var future = new CompletableFuture<HttpReply>();
        stream(request, within, new FutureReply(future));
        return future;
    }

    private EventLoop nextLoop() {
        return loops.next();
    }

    private ConnectionPool pool(HttpAddress address) {
        return pools.computeIfAbsent(
                address, _ -> new ConnectionPool(address, bootstrap, channels, limits));
    }

    private void start(HttpCall call, ConnectionPool pool, Optional<ClientConnection> kept) {
        if (closed) {
            call.fail(closedFailure());
            return;
        }
        call.begin();
        if (kept.isEmpty() || !kept.get().begin(call)) {
            pool.connect(call);
        }
    }

    private static HttpFailure closedFailure() {
        return new HttpFailure(Kind.CLOSED, "the client is closed");
    }

    /// Open connections, those being opened included.
    public int connections() {
        return pools.values().stream().mapToInt(ConnectionPool::open).sum();
    }

    /// Connections without a call.
    public int idleConnections() {
        return pools.values().stream().mapToInt(ConnectionPool::idle).sum();
    }

    /// Calls that have not ended.
    public int calls() {
        return calls.size();
    }

    /// Fails every call, closes every connection and frees the threads; waits for that unless
    /// called by a listener. Idempotent.
    @Override
    public void close() {
        closed = true;
        for (HttpCall call : calls) {
            try {
                call.loop().execute(() -> call.abort(closedFailure()));
            } catch (RejectedExecutionException _) {
                call.fail(closedFailure());
            }
        }
        var closing = channels.close();
        var ending = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        boolean ownThread =
                StreamSupport.stream(loops.spliterator(), false).anyMatch(it -> it.inEventLoop());
        if (!ownThread) {
            closing.awaitUninterruptibly();
            ending.awaitUninterruptibly();
        }
    }

    /// Completes a future with a whole answer.
    private record FutureReply(CompletableFuture<HttpReply> future) implements EventListener {
        @Override
        public void onOpen(HttpCall call) {
            future.completeExceptionally(new IOException("an event stream, not a whole answer"));
            call.cancel();
        }

        @Override
        public void onEvent(HttpCall call, String data) {}

        @Override
        public void onEnd(HttpCall call) {}

        @Override
        public void onAnswer(HttpCall call, HttpReply reply) {
            future.complete(reply);
        }

        @Override
        public void onFailure(HttpCall call, HttpFailure failure) {
            future.completeExceptionally(
                    switch (failure.kind()) {
                        case UNREACHABLE -> new ConnectException(failure.message());
                        case TIMED_OUT -> new SocketTimeoutException(failure.message());
                        default -> new IOException(failure.message());
                    });
        }
    }
}
