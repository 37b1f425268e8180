package dev.stator.runtime.requests.callhome;

import dev.stator.platform.tcp.TcpConnection;
import dev.stator.platform.tcp.TcpHandler;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.callhome.frames.AnswerFrames;
import dev.stator.runtime.requests.callhome.frames.AnswerFrames.Word;
import dev.stator.runtime.requests.callhome.frames.FrameException;
import dev.stator.runtime.requests.callhome.frames.TwoPartDecoder;
import dev.stator.runtime.requests.callhome.frames.TwoPartMessage;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.Optional;

/// A worker's connection at the caller: says which answer it brings, then brings it. Serves for
/// others after it when both sides keep connections.
final class IncomingConnection implements TcpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(IncomingConnection.class);
    private static final int HEADER_BYTES_MAX = 64 << 10;

    private final CallHomeListener home;
    private final TwoPartDecoder decoder = new TwoPartDecoder(HEADER_BYTES_MAX, 0);
    private @Nullable TcpConnection connection;
    private @Nullable IncomingAnswer<?> answer;
    private boolean hasCalled;
    private boolean idle; // counted by home
    private boolean broken;

    IncomingConnection(CallHomeListener home) {
        this.home = home;
    }

    @Override
    public void onOpen(TcpConnection opened) {
        connection = opened;
        opened.schedule(
                home.config().handshakeTimeout(),
                () -> {
                    if (!hasCalled) {
                        breakUp("a worker at " + opened.peer() + " does not say what it answers");
                    }
                });
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        try {
            for (Optional<TwoPartMessage> frame = next(bytes);
                    frame.isPresent();
                    frame = next(bytes)) {
                onFrame(frame.get());
            }
        } catch (FrameException e) {
            breakUp("the answer of " + from() + " is not understood: " + e.getMessage());
        }
    }

    private Optional<TwoPartMessage> next(ByteBuffer bytes) {
        return broken ? Optional.empty() : decoder.next(bytes);
    }

    private void onFrame(TwoPartMessage frame) {
        TcpConnection worker = connection;
        IncomingAnswer<?> known = answer;
        if (worker == null) {
            return;
        }
        if (known == null) {
            begin(worker, frame);
        } else if (known.leaves(worker, frame)) {
            keep(worker);
        } else {
            known.onFrame(worker, frame);
        }
    }

    private void begin(TcpConnection worker, TwoPartMessage frame) {
        leaveIdle();
        hasCalled = true;
        answer =
                home.awaited(AnswerFrames.readHello(frame))
                        .filter(it -> it.called(worker))
                        .orElse(null);
        decoder.allowBodies(home.config().messageBytesMax());
        if (answer == null) {
            broken = true;
            worker.close();
        }
    }

    private void keep(TcpConnection worker) {
        answer = null;
        idle = home.keepsAnother();
        if (idle) {
            worker.send(Word.KEPT.toBytes());
        } else {
            worker.close();
        }
    }

    private void leaveIdle() {
        if (idle) {
            idle = false;
            home.keepsOneLess();
        }
    }

    private void breakUp(String why) {
        LOG.warn("{}", why);
        broken = true;
        if (answer != null) {
            answer.breakOff(FailureCause.CONNECTION_LOST, why);
        } else if (connection != null) {
            connection.close();
        }
    }

    private String from() {
        if (answer != null) {
            return answer.target().toString();
        }
        return connection == null ? "a worker" : connection.peer();
    }

    @Override
    public void onClosed(String why) {
        leaveIdle();
        if (answer != null) {
            answer.onLost(why);
        }
    }
}
