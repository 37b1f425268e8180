package dev.stator.platform.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// An HTTP/1.1 server on one address. Owns its event loops and the virtual threads of its handlers.
public final class HttpServer implements AutoCloseable {
    private static final int BACKLOG = 4_096;

    private final EventLoopGroup loops;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final HttpService service;
    private final Channel listener;

    /// Listens at once; port 0 takes a free one. Throws `IOException` when the address is taken.
    public HttpServer(InetSocketAddress address, Routes routes, ErrorPage errors, HttpLimits limits)
            throws IOException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.service = new HttpService(routes, errors, limits);
        this.loops =
                new MultiThreadIoEventLoopGroup(
                        Runtime.getRuntime().availableProcessors(),
                        new DefaultThreadFactory("http"),
                        io);
        Class<? extends ServerChannel> type =
                epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        var bound = bootstrap(type, limits).bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException("cannot listen on " + address, bound.cause());
        }
        this.listener = bound.channel();
    }

    private ServerBootstrap bootstrap(Class<? extends ServerChannel> type, HttpLimits limits) {
        var waterMark = new WriteBufferWaterMark(limits.pauseAtBytes() / 2, limits.pauseAtBytes());
        return new ServerBootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.SO_SNDBUF, limits.sendBufferBytes())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark)
                .childHandler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                accept(channel);
                            }
                        });
    }

    private void accept(Channel channel) {
        var connection = new HttpConnection(channel, service);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(new RequestDecoder(service.limits(), connection::bytesArrived));
        pipeline.addLast(new HttpResponseEncoder());
        pipeline.addLast(connection);
        connections.add(channel);
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /// Open connections.
    public int connections() {
        return service.connections();
    }

    /// Stops accepting, closes idle connections, and lets requests in flight finish for `atMost`.
    /// Returns whether all have. Blocks.
    public boolean drain(Duration atMost) throws InterruptedException {
        listener.close().await();
        service.drain();
        connections.forEach(
                channel -> channel.pipeline().fireUserEventTriggered(HttpConnection.Drain.BEGIN));
        return connections.newCloseFuture().await(atMost.toMillis());
    }

    /// Cuts every connection and frees the threads. Idempotent.
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        connections.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
