package dev.stator.platform.http.client;

import dev.stator.platform.http.client.HttpFailure.Kind;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/// The connections to one address. Thread-safe.
final class ConnectionPool {
    private final HttpAddress address;
    private final Bootstrap bootstrap;
    private final ChannelGroup channels;
    private final HttpClientLimits limits;
    private final Deque<ClientConnection> idle = new ArrayDeque<>(); // guarded by this
    private int open; // guarded by this

    /// @param channels gets every connection, from before it is open
    ConnectionPool(
            HttpAddress address,
            Bootstrap bootstrap,
            ChannelGroup channels,
            HttpClientLimits limits) {
        this.address = address;
        this.bootstrap = bootstrap;
        this.channels = channels;
        this.limits = limits;
    }

    synchronized int open() {
        return open;
    }

    synchronized int idle() {
        return idle.size();
    }

    /// The connection used last, which is the most likely to be alive.
    synchronized Optional<ClientConnection> takeIdle() {
        return Optional.ofNullable(idle.pollLast());
    }

    /// Keeps a connection for a later call; false when there are enough.
    synchronized boolean keep(ClientConnection connection) {
        return idle.size() < limits.idleConnectionsMax() && idle.add(connection);
    }

    synchronized void closed(ClientConnection connection) {
        idle.remove(connection);
        open--;
    }

    private synchronized boolean reserve() {
        if (open >= limits.connectionsMax()) {
            return false;
        }
        open++;
        return true;
    }

    private synchronized void unreserve() {
        open--;
    }

    /// Sends `call` on a new connection. On the call's event loop.
    void connect(HttpCall call) {
        if (!reserve()) {
            String message = limits.connectionsMax() + " connections to " + address + " are open";
            call.fail(new HttpFailure(Kind.TOO_MANY_CONNECTIONS, message));
            return;
        }
        Thread.ofVirtual().name("resolve").start(() -> resolve(call));
    }

    /// Looking up a name blocks, so it has a thread of its own.
    private void resolve(HttpCall call) {
        InetSocketAddress target;
        try {
            target = new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
        } catch (UnknownHostException _) {
            unreserve();
            execute(call, () -> unreachable(call, "unknown host"));
            return;
        }
        if (!execute(call, () -> connect(call, target))) {
            unreserve();
        }
    }

    /// Whether `task` will run; when not, the client is closed and has told the call so.
    private static boolean execute(HttpCall call, Runnable task) {
        try {
            call.loop().execute(task);
            return true;
        } catch (RejectedExecutionException _) {
            return false;
        }
    }

    private void connect(HttpCall call, InetSocketAddress target) {
        if (call.hasEnded()) {
            unreserve();
            return;
        }
        var connecting =
                bootstrap
                        .clone(call.loop())
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        accept(channel);
                                    }
                                })
                        .connect(target);
        var _ =
                connecting.addListener(
                        result -> {
                            if (result.isSuccess()) {
                                connected(call, connecting.channel());
                            } else {
                                unreserve();
                                unreachable(call, "" + result.cause().getMessage());
                            }
                        });
    }

    private void accept(Channel channel) {
        channels.add(channel);
        new ClientConnection(channel, this, limits).addTo(channel.pipeline());
    }

    private void connected(HttpCall call, Channel channel) {
        ClientConnection connection = channel.pipeline().get(ClientConnection.class);
        if (call.hasEnded()) {
            connection.close();
        } else if (!connection.begin(call)) {
            unreachable(call, "the connection ended at once");
        }
    }

    private void unreachable(HttpCall call, String why) {
        call.fail(new HttpFailure(Kind.UNREACHABLE, "cannot connect to " + address + ": " + why));
    }
}
