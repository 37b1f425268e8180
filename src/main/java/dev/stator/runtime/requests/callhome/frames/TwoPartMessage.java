package dev.stator.runtime.requests.callhome.frames;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Dynamo's two-part message: a header that steers and a body that carries.
///
/// ```
/// u64 header bytes | u64 body bytes | u64 checksum | header | body        big-endian
/// ```
///
/// The checksum is written as 0 and not looked at, as Dynamo's releases do. The arrays belong to
/// the message.
public record TwoPartMessage(byte[] header, byte[] body) {
    static final int PREFIX_BYTES = 24;
    private static final byte[] NONE = {};

    static TwoPartMessage ofHeader(String header) {
        return new TwoPartMessage(header.getBytes(StandardCharsets.UTF_8), NONE);
    }

    public static TwoPartMessage ofBody(byte[] body) {
        return new TwoPartMessage(NONE, body);
    }

    /// The bytes before header and body.
    public byte[] prefix() {
        return ByteBuffer.allocate(PREFIX_BYTES)
                .putLong(header.length)
                .putLong(body.length)
                .putLong(0)
                .array();
    }

    /// The whole as one array.
    public byte[] toBytes() {
        return ByteBuffer.allocate(PREFIX_BYTES + header.length + body.length)
                .put(prefix())
                .put(header)
                .put(body)
                .array();
    }

    /// Reads a message that is all there is. Throws `FrameException` when it is not exactly one.
    public static TwoPartMessage parse(byte[] bytes) {
        var decoder = new TwoPartDecoder(bytes.length, bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        TwoPartMessage message =
                decoder.next(in)
                        .orElseThrow(() -> new FrameException("a two-part message is cut short"));
        if (in.hasRemaining()) {
            throw new FrameException("something follows a two-part message");
        }
        return message;
    }

    boolean hasHeader() {
        return header.length > 0;
    }

    String headerText() {
        return new String(header, StandardCharsets.UTF_8);
    }
}
