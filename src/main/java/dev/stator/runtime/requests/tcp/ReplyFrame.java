package dev.stator.runtime.requests.tcp;

import dev.stator.platform.tcp.ByteCollector;
import dev.stator.runtime.requests.callhome.frames.FrameException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a worker says to a request: nothing when it has taken it, or why it has not.
///
/// ```
/// u32 bytes | text        big-endian
/// ```
final class ReplyFrame {
    static final byte[] ACCEPTED = new byte[Integer.BYTES];
    private static final int TEXT_BYTES_MAX = 64 << 10;

    private ReplyFrame() {}

    static byte[] of(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + utf8.length)
                .putInt(utf8.length)
                .put(utf8)
                .array();
    }

    /// Cuts a stream of bytes into replies, however they arrive. Not thread-safe.
    static final class Decoder {
        private final ByteCollector collector = new ByteCollector(Integer.BYTES);
        private boolean hasLength;

        /// The text of the next reply that is complete; empty when all of `in` was taken.
        ///
        /// Throws `FrameException` when a reply claims to be larger than a text would be.
        Optional<String> next(ByteBuffer in) {
            while (collector.fill(in)) {
                byte[] collected = collector.take();
                hasLength = !hasLength;
                if (hasLength) {
                    collector.expect(textBytes(collected));
                } else {
                    collector.expect(Integer.BYTES);
                    return Optional.of(new String(collected, StandardCharsets.UTF_8));
                }
            }
            return Optional.empty();
        }

        private static int textBytes(byte[] collected) {
            int bytes = ByteBuffer.wrap(collected).getInt();
            if (bytes < 0 || bytes > TEXT_BYTES_MAX) {
                throw new FrameException(
                        "a reply claims %s bytes, more than %d"
                                .formatted(Integer.toUnsignedString(bytes), TEXT_BYTES_MAX));
            }
            return bytes;
        }
    }
}
