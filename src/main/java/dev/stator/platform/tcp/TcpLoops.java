package dev.stator.platform.tcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The threads that all connections of one user share, and the way to open connections.
public final class TcpLoops implements AutoCloseable {
    private static final int BACKLOG = 4_096;
    private static final Duration PROBE_PERIOD = Duration.ofSeconds(1);

    private final boolean epoll = Epoll.isAvailable();
    private final EventLoopGroup acceptor;
    private final EventLoopGroup loops;
    private final ChannelGroup channels =
            new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    /// @param name the first part of the threads' names
    public TcpLoops(String name, int threads) {
        this.acceptor = group(name + "-accept", 1);
        this.loops = group(name, threads);
    }

    private EventLoopGroup group(String name, int threads) {
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name), io);
    }

    /// Listens at once; port 0 takes a free one. Each accepted connection gets its own handler.
    /// Throws `IOException` when the address is taken.
    public TcpListener listen(
            InetSocketAddress address, TcpOptions options, Supplier<TcpHandler> handlers)
            throws IOException {
        var accepted = new DefaultChannelGroup("accepted", GlobalEventExecutor.INSTANCE);
        var bootstrap =
                new ServerBootstrap()
                        .group(acceptor, loops)
                        .channel(
                                epoll
                                        ? EpollServerSocketChannel.class
                                        : NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childHandler(
                                initializer(
                                        channel -> {
                                            accepted.add(channel);
                                            if (accepted.size() > options.connectionsMax()) {
                                                var _ = channel.close();
                                            } else {
                                                install(channel, options, handlers.get());
                                            }
                                        }));
        if (options.socketBufferBytes() > 0) {
            bootstrap.option(ChannelOption.SO_RCVBUF, options.socketBufferBytes());
        }
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + address, bound.cause());
        }
        channels.add(bound.channel());
        return new TcpListener(bound.channel());
    }

    /// Opens a connection; the handler hears of the outcome.
    public void connect(String host, int port, TcpOptions options, TcpHandler handler) {
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            dial(new InetSocketAddress(host, port), options, handler);
        } else {
            Thread.ofVirtual()
                    .name("resolve")
                    .start(() -> dial(new InetSocketAddress(host, port), options, handler));
        }
    }

    private void dial(InetSocketAddress address, TcpOptions options, TcpHandler handler) {
        var connected =
                new Bootstrap()
                        .group(loops)
                        .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                Math.toIntExact(options.connectTimeout().toMillis()))
                        .handler(initializer(channel -> install(channel, options, handler)))
                        .connect(address);
        var _ =
                connected.addListener(
                        done -> {
                            if (!done.isSuccess()) {
                                handler.onClosed("cannot connect: " + done.cause().getMessage());
                            }
                        });
    }

    private void install(Channel channel, TcpOptions options, TcpHandler handler) {
        var config = channel.config();
        config.setOption(ChannelOption.TCP_NODELAY, true);
        config.setOption(ChannelOption.SO_KEEPALIVE, true);
        if (options.resetsOnClose()) {
            config.setOption(ChannelOption.SO_LINGER, 0);
        }
        if (options.socketBufferBytes() > 0) {
            config.setOption(ChannelOption.SO_SNDBUF, options.socketBufferBytes());
            config.setOption(ChannelOption.SO_RCVBUF, options.socketBufferBytes());
        }
        if (epoll) {
            int probes = (int) Math.max(1, options.peerSilenceMax().dividedBy(PROBE_PERIOD) - 1);
            int period = (int) PROBE_PERIOD.toSeconds();
            config.setOption(EpollChannelOption.TCP_KEEPIDLE, period);
            config.setOption(EpollChannelOption.TCP_KEEPINTVL, period);
            config.setOption(EpollChannelOption.TCP_KEEPCNT, probes);
        }
        channel.pipeline().addLast(new TcpConnection.Events(channel, options, handler));
        channels.add(channel);
    }

    /// Runs `task` on one of the threads every `period`, until the loops are closed.
    public void every(Duration period, Runnable task) {
        var _ =
                loops.scheduleAtFixedRate(
                        task, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Cuts every connection and frees the threads. Blocks; must not be called on one of them.
    /// Idempotent.
    @Override
    public void close() {
        channels.close().awaitUninterruptibly();
        var accepting = acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        accepting.awaitUninterruptibly();
    }

    private static ChannelInitializer<Channel> initializer(Installing installing) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                installing.install(channel);
            }
        };
    }

    @FunctionalInterface
    private interface Installing {
        void install(Channel channel);
    }
}
