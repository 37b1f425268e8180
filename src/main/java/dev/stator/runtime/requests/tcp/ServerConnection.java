package dev.stator.runtime.requests.tcp;

import dev.stator.platform.tcp.TcpConnection;
import dev.stator.platform.tcp.TcpHandler;
import dev.stator.runtime.requests.callhome.frames.FrameException;
import dev.stator.runtime.requests.callhome.frames.Refusal;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// A caller's connection at the worker: requests come in and are replied to in their order.
final class ServerConnection implements TcpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);

    /// Time for a caller that is not understood to read why.
    private static final Duration REFUSAL_WAIT = Duration.ofSeconds(1);

    private final Function<RequestFrame, Optional<Refusal>> service;
    private final RequestFrameDecoder decoder;
    private @Nullable TcpConnection connection;
    private boolean broken;

    /// @param service takes a request, or says why not
    ServerConnection(Function<RequestFrame, Optional<Refusal>> service, int payloadBytesMax) {
        this.service = service;
        this.decoder = new RequestFrameDecoder(payloadBytesMax);
    }

    @Override
    public void onOpen(TcpConnection opened) {
        connection = opened;
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        TcpConnection caller = connection;
        if (broken || caller == null) {
            return;
        }
        try {
            for (Optional<RequestFrame> request = decoder.next(bytes);
                    request.isPresent();
                    request = decoder.next(bytes)) {
                Optional<Refusal> refusal = service.apply(request.get());
                caller.send(
                        refusal.map(it -> ReplyFrame.of(it.text())).orElse(ReplyFrame.ACCEPTED));
            }
        } catch (FrameException e) {
            LOG.warn("a caller at {} is not understood: {}", caller.peer(), e.getMessage());
            broken = true;
            caller.send(ReplyFrame.of(Refusal.unavailable(String.valueOf(e.getMessage())).text()));
            caller.closeAfter(REFUSAL_WAIT);
        }
    }

    @Override
    public void onClosed(String why) {
        LOG.debug("a caller has left: {}", why);
    }
}
