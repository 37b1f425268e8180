package dev.stator.platform.tcp;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Notices a peer that is gone without a word, or that does not read. Event-loop thread only.
///
/// An idle connection is watched by TCP keep-alive. While something is in flight keep-alive is
/// silent, and retransmission goes on for many minutes: then the age of the last acknowledgement is
/// looked at. `TCP_USER_TIMEOUT` is no substitute: Linux applies it to a peer that has closed its
/// window as well, which is what a reader does that asked for a pause. Such a peer has acknowledged
/// everything in flight, so it is not taken for dead here, and has the longer stall timeout.
///
/// When its window closed on something in flight, it answers retransmissions, which come ever more
/// slowly: only one that went unanswered is a sign. Where more is waiting than the system takes,
/// the peer may have dropped what it had no room for: that is a stall, not a death.
final class PeerWatch {
    private static final int LOOKS = 6;

    /// Within which a living peer's system answers a retransmission.
    private static final long ANSWER_MILLIS_MAX = 500;

    private final Channel channel;
    private final TcpOptions options;
    private final EpollTcpInfo info = new EpollTcpInfo();
    private long flushedBytes;
    private long stalledSinceNanos;
    private boolean suspected;

    PeerWatch(Channel channel, TcpOptions options) {
        this.channel = channel;
        this.options = options;
        this.stalledSinceNanos = now();
    }

    /// Between two looks.
    static Duration period(TcpOptions options) {
        return options.peerSilenceMax().dividedBy(LOOKS);
    }

    /// What is wrong with the peer, if anything is.
    ///
    /// @param flushed bytes that the system has taken so far
    /// @param isWaiting whether more is waiting
    Optional<String> look(long flushed, boolean isWaiting) {
        if (flushed != flushedBytes || !isWaiting) {
            flushedBytes = flushed;
            stalledSinceNanos = now();
        } else if (now() - stalledSinceNanos > options.stallTimeout().toNanos()) {
            return Optional.of("the peer takes nothing since " + options.stallTimeout());
        }
        boolean silent = !isWaiting && isSilent();
        boolean dead = silent && suspected;
        suspected = silent;
        return dead
                ? Optional.of("the peer is silent since " + options.peerSilenceMax())
                : Optional.empty();
    }

    private boolean isSilent() {
        if (!(channel instanceof EpollSocketChannel socket) || !channel.isActive()) {
            return false;
        }
        socket.tcpInfo(info);
        long limit = options.peerSilenceMax().minus(period(options)).toMillis();
        long retransmissionMillis = TimeUnit.MICROSECONDS.toMillis(info.rto());
        long silent = info.lastAckRecv();
        return info.unacked() > 0
                && silent >= Math.max(limit, retransmissionMillis + ANSWER_MILLIS_MAX);
    }

    private long now() {
        return channel.eventLoop().ticker().nanoTime();
    }
}
