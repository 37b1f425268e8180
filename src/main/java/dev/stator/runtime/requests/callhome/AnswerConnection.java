package dev.stator.runtime.requests.callhome;

import dev.stator.platform.tcp.TcpConnection;
import dev.stator.platform.tcp.TcpHandler;
import dev.stator.runtime.requests.callhome.frames.AnswerFrames.Word;
import dev.stator.runtime.requests.callhome.frames.FrameException;
import dev.stator.runtime.requests.callhome.frames.TwoPartDecoder;
import dev.stator.runtime.requests.callhome.frames.TwoPartMessage;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.Optional;

/// A worker's end of a connection to a caller. Carries one answer, and others after it if the
/// caller keeps the connection.
final class AnswerConnection implements TcpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerConnection.class);
    private static final int CONTROL_BYTES_MAX = 1 << 10;

    private final HostPort caller;
    private final Observer observer;
    private final TwoPartDecoder decoder = new TwoPartDecoder(CONTROL_BYTES_MAX, 0);
    private @Nullable TcpConnection connection; // guarded by this
    private @Nullable OutgoingAnswer<?, ?> answer; // guarded by this; none while idle
    private boolean closed; // guarded by this
    private int idleTicks; // guarded by this: since something happened

    /// Hears how a connection fares, without any lock held.
    interface Observer {
        /// It can carry another answer.
        void onIdle(AnswerConnection idle);

        /// It has been able to for too long.
        void onStale(AnswerConnection idle);

        void onGone(AnswerConnection gone);
    }

    /// A connection that is to be opened.
    ///
    /// @param first carried as soon as it is open
    AnswerConnection(HostPort caller, OutgoingAnswer<?, ?> first, Observer observer) {
        this.caller = caller;
        this.answer = first;
        this.observer = observer;
    }

    HostPort caller() {
        return caller;
    }

    /// Begins another answer on an idle connection; false when it is closed.
    boolean carry(OutgoingAnswer<?, ?> next) {
        TcpConnection opened;
        synchronized (this) {
            if (closed || connection == null) {
                return false;
            }
            answer = next;
            idleTicks = 0;
            opened = connection;
        }
        next.onConnected(opened);
        return true;
    }

    @Override
    public void onOpen(TcpConnection opened) {
        synchronized (this) {
            connection = opened;
        }
        carried().ifPresent(it -> it.onConnected(opened));
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        try {
            for (Optional<TwoPartMessage> word = decoder.next(bytes);
                    word.isPresent();
                    word = decoder.next(bytes)) {
                onWord(Word.read(word.get()));
            }
        } catch (FrameException e) {
            LOG.warn("the caller at {} is not understood: {}", caller, e.getMessage());
            close();
        }
    }

    private void onWord(Word word) {
        Optional<OutgoingAnswer<?, ?>> current = carried();
        if (word != Word.KEPT) {
            current.ifPresent(it -> it.onCancelled(word == Word.KILL));
            return;
        }
        OutgoingAnswer<?, ?> done =
                current.filter(OutgoingAnswer::isKeeping)
                        .orElseThrow(() -> new FrameException("it keeps what is not done"));
        synchronized (this) {
            answer = null;
            idleTicks = 0;
        }
        done.onLost("kept");
        observer.onIdle(this);
    }

    @Override
    public void onRoom() {
        carried().ifPresent(OutgoingAnswer::onRoom);
    }

    @Override
    public void onClosed(String why) {
        Optional<OutgoingAnswer<?, ?>> last;
        synchronized (this) {
            closed = true;
            last = Optional.ofNullable(answer);
            answer = null;
        }
        last.ifPresent(it -> it.onLost(why));
        observer.onGone(this);
    }

    /// Called regularly, also for the answer. Closes what carries nothing for too long, and what
    /// the caller neither keeps nor closes.
    void tick(int idleTicksMax, int doneTicksMax) {
        carried().ifPresent(OutgoingAnswer::tick);
        boolean isIdle;
        boolean isStale;
        synchronized (this) {
            boolean rests = answer == null || answer.isKeeping();
            idleTicks = rests ? idleTicks + 1 : 0;
            isIdle = answer == null;
            isStale = idleTicks > (isIdle ? idleTicksMax : doneTicksMax);
        }
        if (isStale && isIdle) {
            observer.onStale(this);
        } else if (isStale) {
            close();
        }
    }

    void close() {
        Optional<TcpConnection> opened;
        synchronized (this) {
            opened = Optional.ofNullable(connection);
        }
        opened.ifPresent(TcpConnection::close);
    }

    private synchronized Optional<OutgoingAnswer<?, ?>> carried() {
        return Optional.ofNullable(answer);
    }
}
