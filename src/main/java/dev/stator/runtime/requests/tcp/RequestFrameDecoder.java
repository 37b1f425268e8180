package dev.stator.runtime.requests.tcp;

import dev.stator.platform.tcp.ByteCollector;
import dev.stator.runtime.requests.callhome.frames.FrameException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Cuts a stream of bytes into requests, however they arrive. Not thread-safe.
final class RequestFrameDecoder {
    private enum Part {
        PATH_BYTES,
        PATH,
        HEADERS_BYTES,
        HEADERS,
        PAYLOAD_BYTES,
        PAYLOAD
    }

    private final int payloadBytesMax;
    private final ByteCollector collector = new ByteCollector(Short.BYTES);
    private Part part = Part.PATH_BYTES;
    private String path = "";
    private String headers = "";

    RequestFrameDecoder(int payloadBytesMax) {
        this.payloadBytesMax = payloadBytesMax;
    }

    /// The next request that is complete, taken from `in`; empty when all of `in` was taken.
    ///
    /// Throws `FrameException` when a request claims to be larger than allowed.
    Optional<RequestFrame> next(ByteBuffer in) {
        while (collector.fill(in)) {
            byte[] collected = collector.take();
            switch (part) {
                case PATH_BYTES -> expect(Part.PATH, shortOf(collected));
                case PATH -> {
                    path = text(collected);
                    expect(Part.HEADERS_BYTES, Short.BYTES);
                }
                case HEADERS_BYTES -> expect(Part.HEADERS, shortOf(collected));
                case HEADERS -> {
                    headers = text(collected);
                    expect(Part.PAYLOAD_BYTES, Integer.BYTES);
                }
                case PAYLOAD_BYTES -> expect(Part.PAYLOAD, payloadBytes(collected));
                case PAYLOAD -> {
                    expect(Part.PATH_BYTES, Short.BYTES);
                    return Optional.of(new RequestFrame(path, headers, collected));
                }
            }
        }
        return Optional.empty();
    }

    private void expect(Part next, int bytes) {
        part = next;
        collector.expect(bytes);
    }

    private int payloadBytes(byte[] collected) {
        int bytes = ByteBuffer.wrap(collected).getInt();
        if (Integer.compareUnsigned(bytes, payloadBytesMax) > 0) {
            throw new FrameException(
                    "a request has %s bytes, more than %d"
                            .formatted(Integer.toUnsignedString(bytes), payloadBytesMax));
        }
        return bytes;
    }

    private static int shortOf(byte[] collected) {
        return Short.toUnsignedInt(ByteBuffer.wrap(collected).getShort());
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
