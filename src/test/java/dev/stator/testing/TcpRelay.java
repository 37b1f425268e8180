package dev.stator.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A loopback port that leads to another one, for as long as the test wants.
public final class TcpRelay implements AutoCloseable {
    private static final int CHUNK_BYTES = 16 << 10;

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Mode mode = Mode.OPEN;

    private enum Mode {
        OPEN,
        FROZEN,
        CUT
    }

    private TcpRelay(ServerSocket listener, InetSocketAddress target) {
        this.listener = listener;
        this.target = target;
    }

    public static TcpRelay to(URI target) {
        try {
            var relay =
                    new TcpRelay(
                            new ServerSocket(0, 0, InetAddress.getLoopbackAddress()),
                            new InetSocketAddress(target.getHost(), target.getPort()));
            Thread.startVirtualThread(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /// Ends all connections and every new one.
    public void cut() {
        mode = Mode.CUT;
        sockets.forEach(TcpRelay::close);
    }

    /// Lets every byte vanish while connections stay, as a partition does.
    public void freeze() {
        mode = Mode.FROZEN;
    }

    /// Carries bytes again; connections that lost some are ended.
    public void restore() {
        sockets.forEach(TcpRelay::close);
        mode = Mode.OPEN;
    }

    @Override
    public void close() {
        cut();
        close(listener);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket near = listener.accept();
                if (mode == Mode.CUT) {
                    close(near);
                } else {
                    connect(near);
                }
            } catch (IOException _) {
                // the listener is closed, or the target is not there
            }
        }
    }

    private void connect(Socket near) throws IOException {
        var far = new Socket();
        sockets.add(near);
        sockets.add(far);
        try {
            far.connect(target);
        } catch (IOException e) {
            close(near);
            throw e;
        }
        Thread.startVirtualThread(() -> pump(near, far));
        Thread.startVirtualThread(() -> pump(far, near));
    }

    private void pump(Socket from, Socket to) {
        var chunk = new byte[CHUNK_BYTES];
        try (from;
                to) {
            for (int count = 0; count >= 0; count = from.getInputStream().read(chunk)) {
                if (mode == Mode.OPEN) {
                    to.getOutputStream().write(chunk, 0, count);
                }
            }
        } catch (IOException _) {
            // ended by either side
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception _) {
            // it is closed already
        }
    }
}
