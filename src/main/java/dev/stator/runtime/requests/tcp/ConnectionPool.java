package dev.stator.runtime.requests.tcp;

import dev.stator.platform.tcp.TcpLoops;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.callhome.HostPort;
import dev.stator.runtime.requests.callhome.IncomingAnswer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/// A caller's connections to worker processes. Thread-safe; no method blocks.
///
/// A request takes the connection with the fewest requests in flight. Another one is opened when
/// all are busy, so that a large request does not keep many small ones waiting.
final class ConnectionPool {
    /// Requests in flight on every connection to a host at which another one is opened.
    private static final int BUSY_REQUESTS = 16;

    /// Hosts that are remembered as lost; the oldest are forgotten.
    private static final int LOST_MAX = 4_096;

    private static final Duration TICK_MAX = Duration.ofSeconds(1);
    private static final int TICKS_MIN = 10;

    private final TcpLoops loops;
    private final TcpPlaneConfig config;
    private final Map<HostPort, List<ClientConnection>> connections =
            new HashMap<>(); // guarded by this
    private final SequencedSet<HostPort> lost =
            new LinkedHashSet<>(); // guarded by this; oldest first

    ConnectionPool(TcpLoops loops, TcpPlaneConfig config) {
        this.loops = loops;
        this.config = config;
        Duration fine = config.ackTimeout().dividedBy(TICKS_MIN);
        Duration tick = fine.compareTo(TICK_MAX) < 0 ? fine : TICK_MAX;
        long ackTicks = config.ackTimeout().dividedBy(tick);
        long idleTicks = config.idleTimeout().dividedBy(tick);
        loops.every(tick, () -> all().forEach(it -> it.tick(ackTicks, idleTicks)));
    }

    /// Sends the parts of a request one after the other.
    void send(HostPort host, IncomingAnswer<?> answer, byte[]... request) {
        Optional<ClientConnection> connection = choose(host);
        while (connection.isPresent() && !connection.get().send(answer, request)) {
            connection = choose(host);
        }
        if (connection.isEmpty()) {
            answer.failed(FailureCause.OVERLOADED, host + " acknowledges nothing");
        }
    }

    /// Connections that are open or being opened.
    synchronized int size() {
        return connections.values().stream().mapToInt(List::size).sum();
    }

    private synchronized Optional<ClientConnection> choose(HostPort host) {
        List<ClientConnection> there = connections.computeIfAbsent(host, _ -> new ArrayList<>(1));
        Optional<ClientConnection> idlest =
                there.stream().min(Comparator.comparingInt(ClientConnection::inFlight));
        int inFlight = idlest.map(ClientConnection::inFlight).orElse(BUSY_REQUESTS);
        if (inFlight < BUSY_REQUESTS || there.size() >= config.connectionsPerHostMax()) {
            return idlest.filter(_ -> inFlight < config.inFlightMax());
        }
        var opened =
                new ClientConnection(
                        it -> loops.connect(host.host(), host.port(), config.sockets(), it),
                        new Observer(host));
        there.add(opened);
        return Optional.of(opened);
    }

    /// Whether its last connection broke, or could not be made, and none could since. A host that
    /// was not needed yet is not lost.
    synchronized boolean isLost(HostPort host) {
        return lost.contains(host);
    }

    private synchronized void reached(HostPort host) {
        lost.remove(host);
    }

    private synchronized void remove(HostPort host, ClientConnection gone, boolean isIdle) {
        List<ClientConnection> there = connections.get(host);
        if (there != null && there.remove(gone) && there.isEmpty()) {
            connections.remove(host);
            if (!isIdle) {
                lost.add(host);
                if (lost.size() > LOST_MAX) {
                    lost.removeFirst();
                }
            }
        }
    }

    private synchronized List<ClientConnection> all() {
        return connections.values().stream().flatMap(List::stream).toList();
    }

    private final class Observer implements ClientConnection.Observer {
        private final HostPort host;

        Observer(HostPort host) {
            this.host = host;
        }

        @Override
        public void onReached() {
            reached(host);
        }

        @Override
        public void onGone(ClientConnection gone, boolean isIdle) {
            remove(host, gone, isIdle);
        }
    }
}
