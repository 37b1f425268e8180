package dev.stator.platform.http.client;

import dev.stator.platform.http.ConnectionTimer;
import dev.stator.platform.http.client.HttpFailure.Kind;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;

/// One connection, serving one call after the other. Event loop only.
///
/// A connection is idle in its pool, or has a `call`, or throws away the rest of an answer whose
/// call has ended, or is closed. What a paused call does not take waits in `held`, of which there
/// is no more than one read brings.
final class ClientConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final String ENDED_EARLY = "the connection ended before the answer did";

    private final Channel channel;
    private final ConnectionPool pool;
    private final HttpClientLimits limits;
    private final ConnectionTimer timer;
    private final Queue<HttpContent> held = new ArrayDeque<>(2);
    private @Nullable HttpCall call;
    private boolean used;
    private boolean answered;
    private boolean interim;
    private boolean keepAlive;
    private boolean draining;
    private boolean discarding;
    private int discardedBytes;

    ClientConnection(Channel channel, ConnectionPool pool, HttpClientLimits limits) {
        this.channel = channel;
        this.pool = pool;
        this.limits = limits;
        this.timer = new ConnectionTimer(channel.eventLoop());
    }

    void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(
                new HttpResponseDecoder(
                        new HttpDecoderConfig()
                                .setMaxInitialLineLength(limits.statusLineBytesMax())
                                .setMaxHeaderSize(limits.headerBytesMax())
                                .setAllowDuplicateContentLengths(false)) {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message)
                            throws Exception {
                        answered = true;
                        super.channelRead(context, message);
                    }
                });
        pipeline.addLast(new HttpRequestEncoder());
        pipeline.addLast(this);
    }

    Channel channel() {
        return channel;
    }

    /// Sends the request of `next`; false when the connection has ended meanwhile.
    boolean begin(HttpCall next) {
        timer.disarm();
        if (!channel.isActive()) {
            return false;
        }
        call = next;
        next.attach(this);
        answered = false;
        keepAlive = false;
        discarding = false;
        discardedBytes = 0;
        var written = channel.writeAndFlush(message(next.request()));
        var _ =
                written.addListener(
                        result -> {
                            if (!result.isSuccess()) {
                                lost(result.cause());
                            }
                        });
        applyPause();
        return true;
    }

    private FullHttpRequest message(ClientRequest request) {
        byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
        var message =
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1,
                        HttpMethod.valueOf(request.method()),
                        request.address().basePath() + request.path(),
                        Unpooled.wrappedBuffer(body));
        request.headers().forEach(message.headers()::set);
        message.headers().set(HttpHeaderNames.HOST, request.address().authority());
        if (body.length > 0) {
            message.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        return message;
    }

    void applyPause() {
        boolean reads = call == null || !call.isPaused();
        if (reads) {
            drain();
        }
        if (channel.config().isAutoRead() != reads) {
            channel.config().setAutoRead(reads);
        }
    }

    /// The call has ended; the rest of its answer is nobody's.
    void discard() {
        discarding = true;
        timer.arm(limits.discardTimeout().toNanos(), this::close);
        channel.config().setAutoRead(true);
        if (!draining) {
            drain();
        }
    }

    /// Closes when it still serves `ended`.
    void closeFor(HttpCall ended) {
        if (call == ended) {
            call = null;
            close();
        }
    }

    void close() {
        var _ = channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (call == null) {
            ReferenceCountUtil.release(message);
            close();
            return;
        }
        var part = (HttpObject) message;
        if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            malformed(part.decoderResult().cause());
            return;
        }
        if (part instanceof HttpResponse head) {
            interim = head.status().code() / 100 == 1;
            if (!interim && !discarding) {
                keepAlive = HttpUtil.isKeepAlive(head);
                guarded(() -> current().head(read(head)));
            }
        }
        if (part instanceof HttpContent content && !interim) {
            held.add(content);
            drain();
        } else {
            ReferenceCountUtil.release(part);
        }
    }

    private static ResponseHead read(HttpResponse head) {
        Map<String, String> headers = new HashMap<>();
        head.headers()
                .forEach(
                        it ->
                                headers.putIfAbsent(
                                        it.getKey().toLowerCase(Locale.ROOT), it.getValue()));
        return new ResponseHead(head.status().code(), headers);
    }

    private HttpCall current() {
        if (call == null) {
            throw new IllegalStateException("no call");
        }
        return call;
    }

    private void drain() {
        draining = true;
        try {
            drainHeld();
        } finally {
            draining = false;
        }
    }

    private void drainHeld() {
        while (call != null && !held.isEmpty() && (discarding || !call.isPaused())) {
            HttpContent part = held.element();
            ByteBuf content = part.content();
            if (discarding) {
                discardedBytes += content.readableBytes();
                content.skipBytes(content.readableBytes());
            } else if (content.isReadable()) {
                guarded(() -> deliver(content));
            }
            if (discardedBytes > limits.discardBytesMax()) {
                close();
                return;
            }
            if (call != null && !content.isReadable()) {
                held.remove();
                part.release();
                if (part instanceof LastHttpContent) {
                    complete();
                }
            }
        }
    }

    private void deliver(ByteBuf content) {
        ByteBuffer bytes = content.nioBuffer();
        int size = bytes.remaining();
        current().body(bytes);
        content.skipBytes(size - bytes.remaining());
    }

    private void complete() {
        HttpCall done = current();
        call = null;
        used = true;
        if (keepAlive && held.isEmpty() && channel.isActive() && pool.keep(this)) {
            timer.arm(limits.idleTimeout().toNanos(), this::close);
        } else {
            close();
        }
        guarded(done::complete);
    }

    /// A listener that throws is a defect; it costs the connection, nothing else.
    private void guarded(Runnable listenerCall) {
        try {
            listenerCall.run();
        } catch (RuntimeException e) {
            LOG.error("a listener failed", e);
            HttpCall failed = call;
            if (failed != null) {
                failed.abort(new HttpFailure(Kind.MALFORMED, "the listener failed: " + e));
            }
        }
    }

    private void malformed(Throwable cause) {
        boolean cut = cause instanceof PrematureChannelClosureException;
        current()
                .abort(
                        cut
                                ? new HttpFailure(Kind.LOST, ENDED_EARLY)
                                : new HttpFailure(
                                        Kind.MALFORMED,
                                        "not a well-formed answer: " + cause.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        pool.closed(this);
        lost(new IOException(ENDED_EARLY));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.warn("connection closed after an unexpected failure", cause);
        }
        lost(cause);
    }

    /// An answer that has come whole, and waits only for its call to go on, is not lost.
    private void lost(Throwable cause) {
        HttpCall broken = call;
        if (broken != null && held.stream().anyMatch(it -> it instanceof LastHttpContent)) {
            return;
        }
        timer.stop();
        call = null;
        held.forEach(ReferenceCountUtil::release);
        held.clear();
        close();
        if (broken == null) {
            return;
        }
        if (used && !answered && broken.retry()) {
            pool.connect(broken);
        } else {
            broken.fail(HttpFailure.of(Kind.LOST, cause));
        }
    }
}
