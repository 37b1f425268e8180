package dev.stator.platform.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// An open connection. Thread-safe; no method blocks.
///
/// What is sent between two turns of the event loop leaves in one write. What is sent after the
/// connection was closed or is closing is dropped.
public final class TcpConnection {
    private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);
    private static final int FIRST_BYTES = 512;
    private static final int KEPT_BYTES_MAX = 64 << 10;
    private static final int WRITE_BYTES_MAX = 64 << 10;

    private final Channel channel;
    private final TcpOptions options;
    private final TcpHandler handler;
    private final Object lock = new Object();
    private byte[] pending = new byte[FIRST_BYTES]; // guarded by lock
    private int pendingBytes; // guarded by lock
    private long queuedBytes; // guarded by lock: pending, or written and not taken by the system
    private boolean scheduled; // guarded by lock
    private boolean closing; // guarded by lock
    private boolean full; // guarded by lock
    private @Nullable Duration lingering; // guarded by lock: what closing waits for the peer
    private long flushedBytes; // event loop only
    private String why = "closed by the peer"; // event loop only

    TcpConnection(Channel channel, TcpOptions options, TcpHandler handler) {
        this.channel = channel;
        this.options = options;
        this.handler = handler;
    }

    /// Sends the parts one after the other, with nothing in between. Whether the connection is full
    /// now: then nothing more should be sent until the handler hears that there is room.
    public boolean send(byte[]... parts) {
        boolean wake;
        boolean isFull;
        synchronized (lock) {
            if (closing) {
                return full;
            }
            if (queuedBytes > options.queuedBytesMax()) {
                close("more than " + options.queuedBytesMax() + " bytes wait for the peer");
                return true;
            }
            append(parts);
            full |= queuedBytes > options.pauseAtBytes();
            isFull = full;
            wake = isToBeDrained();
        }
        if (wake) {
            execute(this::drain);
        }
        return isFull;
    }

    public boolean isFull() {
        synchronized (lock) {
            return full;
        }
    }

    /// Leaves what comes in to the system's buffer; a little may still arrive.
    public void pauseReading() {
        channel.config().setAutoRead(false);
    }

    public void resumeReading() {
        channel.config().setAutoRead(true);
    }

    /// Closes once everything sent so far has left and the peer has closed, or has not for as long
    /// as `atMost` after that.
    public void closeAfter(Duration atMost) {
        boolean wake = false;
        synchronized (lock) {
            if (!closing) {
                closing = true;
                lingering = atMost;
                wake = isToBeDrained();
            }
        }
        if (wake) {
            execute(this::drain);
        }
    }

    /// Closes at once; what has not left is lost. Idempotent.
    public void close() {
        close("closed");
    }

    /// Runs `task` on the event loop after `delay`, if the connection is open then.
    public void schedule(Duration delay, Runnable task) {
        var scheduled =
                channel.eventLoop()
                        .schedule(() -> runIfOpen(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        var _ = channel.closeFuture().addListener(_ -> scheduled.cancel(false));
    }

    /// The other end, for logs.
    public String peer() {
        return String.valueOf(channel.remoteAddress());
    }

    private void runIfOpen(Runnable task) {
        if (channel.isActive()) {
            task.run();
        }
    }

    private void close(String reason) {
        synchronized (lock) {
            closing = true;
            pendingBytes = 0;
        }
        execute(
                () -> {
                    if (channel.isActive()) {
                        why = reason;
                    }
                    var _ = channel.close();
                });
    }

    /// Caller holds the lock.
    private void append(byte[]... parts) {
        int bytes = 0;
        for (byte[] part : parts) {
            bytes = Math.addExact(bytes, part.length);
        }
        int needed = Math.addExact(pendingBytes, bytes);
        if (needed > pending.length) {
            int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * pending.length);
            pending = Arrays.copyOf(pending, Math.max(needed, doubled));
        }
        for (byte[] part : parts) {
            System.arraycopy(part, 0, pending, pendingBytes, part.length);
            pendingBytes += part.length;
        }
        queuedBytes += bytes;
    }

    /// Whether the caller, who holds the lock, must have `drain` called after it has left it: the
    /// event loop would otherwise wake up to wait for the lock.
    private boolean isToBeDrained() {
        boolean first = !scheduled;
        scheduled = true;
        return first;
    }

    private void execute(Runnable task) {
        if (!channel.eventLoop().isShuttingDown()) {
            channel.eventLoop().execute(task);
        }
    }

    private void drain() {
        ByteBuf bytes;
        Duration linger;
        synchronized (lock) {
            scheduled = false;
            linger = lingering;
            bytes = channel.alloc().ioBuffer(pendingBytes);
            bytes.writeBytes(pending, 0, pendingBytes);
            pendingBytes = 0;
            if (pending.length > KEPT_BYTES_MAX) {
                pending = new byte[FIRST_BYTES];
            }
        }
        write(bytes);
        if (linger != null) {
            endAfter(linger);
        }
    }

    /// In pieces, so that progress shows.
    private void write(ByteBuf bytes) {
        while (bytes.isReadable()) {
            int size = Math.min(bytes.readableBytes(), WRITE_BYTES_MAX);
            var _ = channel.write(bytes.readRetainedSlice(size)).addListener(_ -> taken(size));
        }
        bytes.release();
        channel.flush();
    }

    private void taken(int bytes) {
        flushedBytes += bytes;
        boolean hasRoom;
        synchronized (lock) {
            queuedBytes -= bytes;
            hasRoom = full && queuedBytes <= options.pauseAtBytes() / 2;
            full &= !hasRoom;
        }
        if (hasRoom) {
            handler.onRoom();
        }
    }

    private void endAfter(Duration linger) {
        var written = channel.writeAndFlush(channel.alloc().ioBuffer(0));
        var _ = written.addListener(_ -> schedule(linger, this::close));
    }

    private long queuedBytes() {
        synchronized (lock) {
            return queuedBytes;
        }
    }

    /// Passes Netty's events on to the handler.
    static final class Events extends SimpleChannelInboundHandler<ByteBuf> {
        private final TcpConnection connection;
        private final TcpHandler handler;
        private final PeerWatch watch;

        Events(Channel channel, TcpOptions options, TcpHandler handler) {
            this.connection = new TcpConnection(channel, options, handler);
            this.handler = handler;
            this.watch = new PeerWatch(channel, options);
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            long period = PeerWatch.period(connection.options).toNanos();
            var looks =
                    context.channel()
                            .eventLoop()
                            .scheduleAtFixedRate(this::look, period, period, TimeUnit.NANOSECONDS);
            var _ = context.channel().closeFuture().addListener(_ -> looks.cancel(false));
            handler.onOpen(connection);
        }

        private void look() {
            watch.look(connection.flushedBytes, connection.queuedBytes() > 0)
                    .ifPresent(connection::close);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            handler.onBytes(bytes.nioBuffer());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            handler.onClosed(connection.why);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!(cause instanceof IOException)) {
                LOG.error("connection closed after an unexpected failure", cause);
            }
            connection.why = String.valueOf(cause.getMessage());
            var _ = context.close();
        }
    }
}
