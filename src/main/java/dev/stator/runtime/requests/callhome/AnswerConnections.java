package dev.stator.runtime.requests.callhome;

import dev.stator.platform.tcp.TcpLoops;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A worker's connections to callers: finds or opens one for each answer. Thread-safe; no method
/// blocks.
///
/// Callers that keep connections are brought the next answer on the one that was used last, so
/// that those too many fall idle and are closed.
final class AnswerConnections {
    private static final Duration TICK_MAX = Duration.ofMillis(100);
    private static final int TICKS_MIN = 10;

    private final TcpLoops loops;
    private final CallHomeConfig config;
    private final Set<AnswerConnection> open = ConcurrentHashMap.newKeySet();
    private final Map<HostPort, Deque<AnswerConnection>> idle = new HashMap<>(); // guarded by this
    private int idleCount; // guarded by this

    /// @param loops to be closed last, which ends the connections too
    AnswerConnections(TcpLoops loops, CallHomeConfig config) {
        this.loops = loops;
        this.config = config;
        Duration fine = shorter(config.idleTimeout(), config.closeWait()).dividedBy(TICKS_MIN);
        Duration tick = shorter(fine, TICK_MAX);
        int idleTicks = (int) config.idleTimeout().dividedBy(tick);
        int doneTicks = (int) config.closeWait().dividedBy(tick);
        loops.every(tick, () -> open.forEach(it -> it.tick(idleTicks, doneTicks)));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// Brings an answer to its caller; the answer hears of the outcome.
    void carry(HostPort caller, OutgoingAnswer<?, ?> answer) {
        for (Optional<AnswerConnection> kept = take(caller);
                kept.isPresent();
                kept = take(caller)) {
            if (kept.get().carry(answer)) {
                return;
            }
        }
        var dialled = new AnswerConnection(caller, answer, new Keeping());
        open.add(dialled);
        loops.connect(caller.host(), caller.port(), config.sockets(), dialled);
    }

    synchronized int idle() {
        return idleCount;
    }

    private synchronized Optional<AnswerConnection> take(HostPort caller) {
        Deque<AnswerConnection> there = idle.get(caller);
        if (there == null) {
            return Optional.empty();
        }
        AnswerConnection newest = there.removeLast();
        idleCount--;
        if (there.isEmpty()) {
            idle.remove(caller);
        }
        return Optional.of(newest);
    }

    private synchronized boolean keep(AnswerConnection rested) {
        if (idleCount >= config.idleMax()) {
            return false;
        }
        idle.computeIfAbsent(rested.caller(), _ -> new ArrayDeque<>(1)).addLast(rested);
        idleCount++;
        return true;
    }

    /// Whether it was idle.
    private synchronized boolean remove(AnswerConnection gone) {
        Deque<AnswerConnection> there = idle.get(gone.caller());
        if (there == null || !there.remove(gone)) {
            return false;
        }
        idleCount--;
        if (there.isEmpty()) {
            idle.remove(gone.caller());
        }
        return true;
    }

    private final class Keeping implements AnswerConnection.Observer {

        @Override
        public void onIdle(AnswerConnection rested) {
            if (!keep(rested)) {
                rested.close();
            }
        }

        /// Only what nobody can take for an answer any more is closed.
        @Override
        public void onStale(AnswerConnection rested) {
            if (remove(rested)) {
                rested.close();
            }
        }

        @Override
        public void onGone(AnswerConnection gone) {
            open.remove(gone);
            remove(gone);
        }
    }
}
