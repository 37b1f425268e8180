package dev.stator.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/// Reads the requests of one connection and handles them one after the other.
///
/// Everything runs on the event loop except `execute` and `abort`. A connection is idle, or has a
/// request coming in, or has one being answered (`current`), or is closing. Pieces of later
/// requests wait while one is answered, and reading goes on so that a departing client is noticed.
final class HttpConnection extends ChannelInboundHandlerAdapter {
    /// The user event that announces the server's end.
    enum Drain {
        BEGIN
    }

    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    private final Channel channel;
    private final HttpService service;
    private final HttpLimits limits;
    private final ConnectionTimer timer;
    private final ResponseWriter writer;
    private final Queue<HttpObject> waiting = new ArrayDeque<>(0);
    private @Nullable IncomingRequest incoming;
    private @Nullable HttpExchange current;
    private boolean headBegun;
    private boolean flushing;
    private boolean closing;

    HttpConnection(Channel channel, HttpService service) {
        this.channel = channel;
        this.service = service;
        this.limits = service.limits();
        this.timer = new ConnectionTimer(channel.eventLoop());
        this.writer = new ResponseWriter(channel, limits.pendingBytesMax());
    }

    /// Runs `task` on the event loop; dropped when the loop has ended.
    void execute(Runnable task) {
        if (!channel.eventLoop().isShuttingDown()) {
            channel.eventLoop().execute(task);
        }
    }

    /// Cuts the connection if it still serves `exchange`. Any thread.
    void abort(HttpExchange exchange) {
        execute(
                () -> {
                    if (current == exchange) {
                        cut();
                    }
                });
    }

    /// Runs `action` after `delay` if `exchange` is still served then.
    void schedule(HttpExchange exchange, Duration delay, Runnable action) {
        if (current == exchange) {
            exchange.remember(
                    channel.eventLoop().schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    private void cut() {
        var _ = channel.close();
    }

    SseStream newStream(HttpExchange exchange, SseStream.Listener listener) {
        return new SseStream(this, exchange, listener, limits.pendingBytesMax());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (service.connected()) {
            timer.arm(limits.headDeadline().toNanos(), this::cut);
        } else {
            refuse(503, "too many connections");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        service.disconnected();
        timer.stop();
        dropIncoming();
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        if (current != null) {
            HttpExchange abandoned = current;
            current = null;
            abandoned.stopTimers();
            abandoned.disconnect();
        }
    }

    /// Bytes have come in, not yet a message.
    void bytesArrived() {
        if (!headBegun && incoming == null && current == null && !closing) {
            headBegun = true;
            timer.arm(
                    limits.headDeadline().toNanos(),
                    () -> refuse(408, "the request head took too long"));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (closing) {
            ReferenceCountUtil.release(message);
        } else if (current == null) {
            process((HttpObject) message);
        } else {
            waiting.add((HttpObject) message);
            if (waiting.size() >= limits.pipelinedPartsMax()) {
                channel.config().setAutoRead(false);
            }
        }
    }

    private void process(HttpObject part) {
        try {
            if (part.decoderResult().isFailure()) {
                refuseMalformed(part.decoderResult().cause());
                return;
            }
            if (part instanceof HttpRequest head) {
                begin(head);
            }
            if (part instanceof HttpContent content && incoming != null && !closing) {
                append(incoming, content.content());
                if (part instanceof LastHttpContent && !closing) {
                    dispatch(incoming);
                }
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void begin(HttpRequest head) {
        headBegun = false;
        var request =
                new IncomingRequest(
                        head, service.routes(), channel.eventLoop().ticker().nanoTime());
        incoming = request;
        Optional<RequestCheck.Refusal> refusal = RequestCheck.check(request, limits);
        if (refusal.isPresent()) {
            refuse(refusal.get().status(), refusal.get().message());
            return;
        }
        if (HttpUtil.is100ContinueExpected(head)) {
            writer.writeContinue();
        }
        armBody(request);
    }

    private void armBody(IncomingRequest request) {
        long taken = channel.eventLoop().ticker().nanoTime() - request.startNanos();
        long left = limits.bodyNanosAllowed(request.size()) - taken;
        if (left > 0) {
            timer.arm(left, () -> armBody(request));
        } else {
            refuse(408, "the request body comes too slowly");
        }
    }

    private void append(IncomingRequest request, ByteBuf bytes) {
        int count = bytes.readableBytes();
        if (request.size() + (long) count > limits.bodyBytesMax()) {
            refuse(413, RequestCheck.tooLarge(limits));
        } else if (!service.reserveBody(count)) {
            refuse(503, "too many request bodies are being read");
        } else {
            request.append(bytes);
        }
    }

    private void dispatch(IncomingRequest request) {
        timer.disarm();
        incoming = null;
        String prefix = request.match().map(Routes.Match::prefix).orElse("");
        var exchange = new HttpExchange(this, request, prefix);
        current = exchange;
        service.dispatch(request, exchange);
    }

    /// Writes a whole answer.
    void writeWhole(HttpExchange exchange, HttpResponse response) {
        if (current == exchange) {
            boolean keepAlive = keepAlive(exchange);
            var written = writer.writeWhole(exchange.head(), response, keepAlive);
            var _ = written.addListener(_ -> answered(exchange, keepAlive));
            armFlush();
        }
    }

    void writeStreamHead(HttpExchange exchange, Map<String, String> headers) {
        if (current == exchange) {
            writer.writeStreamHead(exchange.head(), headers, keepAlive(exchange));
        }
    }

    void writeEvents(HttpExchange exchange, byte[] events, boolean last) {
        if (current != exchange) {
            return;
        }
        var written = writer.writeEvents(events, last);
        if (last) {
            boolean keepAlive = writer.isStreamReusable();
            var _ = written.addListener(_ -> answered(exchange, keepAlive));
            armFlush();
        } else if (writer.isOverfull()) {
            cut();
        }
    }

    /// A client that does not take the end of its answer is cut off.
    private void armFlush() {
        if (current != null) {
            flushing = true;
            timer.arm(limits.stallTimeout().toNanos(), this::cut);
        }
    }

    private boolean keepAlive(HttpExchange exchange) {
        return HttpUtil.isKeepAlive(exchange.head()) && !service.isDraining();
    }

    private void answered(HttpExchange exchange, boolean keepAlive) {
        if (current != exchange || !channel.isActive()) {
            return;
        }
        exchange.stopTimers();
        current = null;
        flushing = false;
        if (!keepAlive || service.isDraining()) {
            linger();
            return;
        }
        timer.arm(limits.idleTimeout().toNanos(), this::cut);
        while (current == null && !closing && !waiting.isEmpty()) {
            process(waiting.remove());
        }
        if (current == null && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
    }

    private void refuseMalformed(Throwable cause) {
        RequestCheck.Refusal refusal = RequestCheck.malformed(cause);
        refuse(refusal.status(), refusal.message());
    }

    /// Answers an error without having read the whole request, and closes.
    private void refuse(int status, String message) {
        dropIncoming();
        if (closing) {
            return;
        }
        closing = true;
        var written = writer.writeRefusal(service.error(status, message));
        var _ = written.addListener(_ -> linger());
        timer.arm(limits.stallTimeout().toNanos(), this::cut);
    }

    private void dropIncoming() {
        if (incoming != null) {
            service.releaseBody(incoming.size());
            incoming = null;
        }
    }

    /// Ends the sending side and swallows what still comes, so that the answer is not lost to a
    /// reset.
    private void linger() {
        closing = true;
        if (!channel.isActive()) {
            return;
        }
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        channel.config().setAutoRead(true);
        writer.shutdownOutput();
        timer.arm(limits.linger().toNanos(), this::cut);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (current == null || flushing) {
            return;
        }
        if (channel.isWritable()) {
            timer.disarm();
            current.stream().ifPresent(stream -> stream.listener().onRoom());
        } else {
            timer.arm(limits.stallTimeout().toNanos(), this::cut);
            current.stream().ifPresent(stream -> stream.listener().onFull());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Drain && current == null && incoming == null) {
            cut();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.warn("connection closed after an unexpected failure", cause);
        }
        cut();
    }
}
