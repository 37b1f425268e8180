package dev.stator.platform.tcp;

import io.netty.channel.Channel;

import java.net.InetSocketAddress;

/// Accepts connections at one address until it is closed.
public final class TcpListener implements AutoCloseable {
    private final Channel channel;

    TcpListener(Channel channel) {
        this.channel = channel;
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /// Accepts nothing more; accepted connections go on. Idempotent.
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
