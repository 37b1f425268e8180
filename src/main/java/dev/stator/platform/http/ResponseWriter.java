package dev.stator.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Puts answers on one connection. Event-loop thread only.
final class ResponseWriter {
    private final Channel channel;
    private final int pendingBytesMax;
    private boolean streamReusable;
    private boolean streamBodyWanted;

    ResponseWriter(Channel channel, int pendingBytesMax) {
        this.channel = channel;
        this.pendingBytesMax = pendingBytesMax;
    }

    void writeContinue() {
        var _ =
                channel.writeAndFlush(
                        new DefaultFullHttpResponse(
                                HttpVersion.HTTP_1_1,
                                HttpResponseStatus.CONTINUE,
                                Unpooled.EMPTY_BUFFER));
    }

    ChannelFuture writeRefusal(HttpResponse response) {
        return write(response, true, false);
    }

    ChannelFuture writeWhole(HttpRequest request, HttpResponse response, boolean keepAlive) {
        return write(response, !request.method().equals(HttpMethod.HEAD), keepAlive);
    }

    private ChannelFuture write(HttpResponse response, boolean withBody, boolean keepAlive) {
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        ByteBuf content = withBody ? Unpooled.wrappedBuffer(body) : Unpooled.EMPTY_BUFFER;
        var message =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(response.status()),
                        content);
        response.headers().forEach(message.headers()::set);
        if (response.status() != 204) {
            message.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        if (!keepAlive) {
            message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return channel.writeAndFlush(message);
    }

    /// Leaves with the events that follow. A client of HTTP/1.0 reads to the connection's end.
    void writeStreamHead(HttpRequest request, Map<String, String> headers, boolean keepAlive) {
        streamBodyWanted = !request.method().equals(HttpMethod.HEAD);
        boolean chunked =
                streamBodyWanted && request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        streamReusable = chunked && keepAlive;
        var message = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        headers.forEach(message.headers()::set);
        message.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                .set("x-accel-buffering", "no");
        if (chunked) {
            message.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (!streamReusable) {
            message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        var _ = channel.write(message);
    }

    /// Writes events in one piece and the end of the stream if this is the `last` of it; the
    /// future is that of what was written last.
    ChannelFuture writeEvents(byte[] events, boolean last) {
        ByteBuf bytes =
                streamBodyWanted
                        ? channel.alloc().ioBuffer(events.length).writeBytes(events)
                        : Unpooled.EMPTY_BUFFER;
        var content = last ? new DefaultLastHttpContent(bytes) : new DefaultHttpContent(bytes);
        return channel.writeAndFlush(content);
    }

    /// Whether more is written than the client may leave untaken.
    boolean isOverfull() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer != null && buffer.totalPendingWriteBytes() > pendingBytesMax;
    }

    boolean isStreamReusable() {
        return streamReusable;
    }

    void shutdownOutput() {
        var _ = ((DuplexChannel) channel).shutdownOutput();
    }
}
