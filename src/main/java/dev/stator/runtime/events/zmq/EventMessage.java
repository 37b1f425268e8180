package dev.stator.runtime.events.zmq;

import dev.stator.runtime.events.EventEnvelope;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// An event as a ZMQ message of Dynamo.
///
/// ```
/// topic · publisher id, 8 bytes big-endian · sequence, the same · frame
/// frame = version 1, 1 byte · length, 4 bytes big-endian · envelope
/// ```
///
/// @param envelope as bytes
record EventMessage(String topic, long publisherId, long sequence, ByteBuffer envelope) {
    private static final int FRAMES = 4;
    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 1 + Integer.BYTES;

    static List<byte[]> write(EventEnvelope envelope) {
        byte[] bytes = envelope.write();
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + bytes.length);
        frame.put(VERSION).putInt(bytes.length).put(bytes);
        return List.of(
                envelope.topic().getBytes(StandardCharsets.UTF_8),
                number(envelope.publisherId()),
                number(envelope.sequence()),
                frame.array());
    }

    /// Empty when it is no such message.
    static Optional<EventMessage> read(List<byte[]> frames) {
        if (frames.size() != FRAMES
                || frames.get(1).length != Long.BYTES
                || frames.get(2).length != Long.BYTES
                || frames.get(3).length < HEADER_BYTES) {
            return Optional.empty();
        }
        ByteBuffer frame = ByteBuffer.wrap(frames.get(3));
        if (frame.get() != VERSION || frame.getInt() != frame.remaining()) {
            return Optional.empty();
        }
        return Optional.of(
                new EventMessage(
                        new String(frames.getFirst(), StandardCharsets.UTF_8),
                        ByteBuffer.wrap(frames.get(1)).getLong(),
                        ByteBuffer.wrap(frames.get(2)).getLong(),
                        frame.slice()));
    }

    byte[] envelopeBytes() {
        int from = envelope.arrayOffset();
        return Arrays.copyOfRange(envelope.array(), from, from + envelope.limit());
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
