package dev.stator.platform.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/// Netty's decoder, made to refuse a request that declares its length twice, and to tell that
/// bytes have come in before they make a message.
final class RequestDecoder extends HttpRequestDecoder {
    private final Runnable bytesArrived;

    RequestDecoder(HttpLimits limits, Runnable bytesArrived) {
        super(
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(limits.requestLineBytesMax())
                        .setMaxHeaderSize(limits.headerBytesMax())
                        .setAllowDuplicateContentLengths(false));
        this.bytesArrived = bytesArrived;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        bytesArrived.run();
        super.channelRead(context, message);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both Content-Length and Transfer-Encoding are given");
    }
}
