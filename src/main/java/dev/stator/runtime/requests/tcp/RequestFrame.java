package dev.stator.runtime.requests.tcp;

import dev.stator.runtime.requests.callhome.frames.FrameException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A request on its way to a worker.
///
/// ```
/// u16 path bytes | path | u16 headers bytes | headers | u32 payload bytes | payload    big-endian
/// ```
///
/// @param path what follows `host:port/` in the address of the instance
/// @param headers a JSON object of strings, not looked at here
/// @param payload a two-part message; the array belongs to the frame
record RequestFrame(String path, String headers, byte[] payload) {
    private static final int SHORT_MAX = 0xffff;

    /// The bytes before the payload. Throws `FrameException` when a part is too long.
    static byte[] head(String path, String headers, int payloadBytes) {
        byte[] pathBytes = part(path, "path");
        byte[] headerBytes = part(headers, "headers");
        return ByteBuffer.allocate(
                        2 * Short.BYTES + Integer.BYTES + pathBytes.length + headerBytes.length)
                .putShort((short) pathBytes.length)
                .put(pathBytes)
                .putShort((short) headerBytes.length)
                .put(headerBytes)
                .putInt(payloadBytes)
                .array();
    }

    private static byte[] part(String text, String name) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > SHORT_MAX) {
            throw new FrameException("the " + name + " of a request has too many bytes");
        }
        return bytes;
    }
}
