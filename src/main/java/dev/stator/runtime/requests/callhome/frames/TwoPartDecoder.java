package dev.stator.runtime.requests.callhome.frames;

import dev.stator.platform.tcp.ByteCollector;

import java.nio.ByteBuffer;
import java.util.Optional;

/// Cuts a stream of bytes into two-part messages, however they arrive. Not thread-safe.
public final class TwoPartDecoder {
    private enum Part {
        PREFIX,
        HEADER,
        BODY
    }

    private static final byte[] NONE = {};

    private final int headerBytesMax;
    private int bodyBytesMax;
    private final ByteCollector collector = new ByteCollector(TwoPartMessage.PREFIX_BYTES);
    private Part part = Part.PREFIX;
    private int bodyBytes;
    private byte[] header = NONE;

    public TwoPartDecoder(int headerBytesMax, int bodyBytesMax) {
        this.headerBytesMax = headerBytesMax;
        this.bodyBytesMax = bodyBytesMax;
    }

    /// Sets the limit for the messages that have not begun.
    public void allowBodies(int bytesMax) {
        bodyBytesMax = bytesMax;
    }

    /// The next message that is complete, taken from `in`; empty when all of `in` was taken.
    ///
    /// Throws `FrameException` when a message claims to be larger than allowed.
    public Optional<TwoPartMessage> next(ByteBuffer in) {
        while (collector.fill(in)) {
            byte[] collected = collector.take();
            switch (part) {
                case PREFIX -> begin(ByteBuffer.wrap(collected));
                case HEADER -> {
                    header = collected;
                    expect(Part.BODY, bodyBytes);
                }
                case BODY -> {
                    var message = new TwoPartMessage(header, collected);
                    expect(Part.PREFIX, TwoPartMessage.PREFIX_BYTES);
                    return Optional.of(message);
                }
            }
        }
        return Optional.empty();
    }

    private void begin(ByteBuffer prefix) {
        int headerBytes = claimed(prefix.getLong(), headerBytesMax, "header");
        bodyBytes = claimed(prefix.getLong(), bodyBytesMax, "body");
        expect(Part.HEADER, headerBytes);
    }

    private void expect(Part next, int bytes) {
        part = next;
        collector.expect(bytes);
    }

    private static int claimed(long bytes, int max, String what) {
        if (bytes < 0 || bytes > max) {
            throw new FrameException(
                    "the %s of a message claims %s bytes, more than %d"
                            .formatted(what, Long.toUnsignedString(bytes), max));
        }
        return (int) bytes;
    }
}
