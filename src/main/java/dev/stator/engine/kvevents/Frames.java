package dev.stator.engine.kvevents;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The messages of the protocol. Sequence numbers are 8 bytes, big-endian, from 0.
///
/// ```
/// publish         topic, sequence, payload
/// ask             "", first sequence wanted           (after the peer's name, where it arrives)
/// answer          "", sequence, payload
/// end of answers  "", -1, ""
/// ```
final class Frames {
    private static final byte[] EMPTY = {};
    private static final long END = -1;

    private Frames() {}

    /// A batch that was published or replayed.
    ///
    /// @param sequence -1 at the end of a replay
    record Batch(long sequence, byte[] payload) {
        boolean isEnd() {
            return sequence == END;
        }
    }

    static List<byte[]> publish(byte[] topic, Batch batch) {
        return List.of(topic, sequence(batch.sequence()), batch.payload());
    }

    static List<byte[]> ask(long first) {
        return List.of(EMPTY, sequence(first));
    }

    static List<byte[]> answer(byte[] peer, Batch batch) {
        return List.of(peer, EMPTY, sequence(batch.sequence()), batch.payload());
    }

    static List<byte[]> end(byte[] peer) {
        return List.of(peer, EMPTY, sequence(END), EMPTY);
    }

    /// What a message of three frames says, published or answered; empty when it is none.
    static Optional<Batch> batch(List<byte[]> frames) {
        if (frames.size() != 3 || frames.get(1).length != Long.BYTES) {
            return Optional.empty();
        }
        long sequence = ByteBuffer.wrap(frames.get(1)).getLong();
        return sequence < END ? Optional.empty() : Optional.of(new Batch(sequence, frames.get(2)));
    }

    /// The first sequence that a peer asks for; empty when it does not.
    static Optional<Long> asked(List<byte[]> frames) {
        return frames.size() == 3 && frames.get(2).length == Long.BYTES
                ? Optional.of(ByteBuffer.wrap(frames.get(2)).getLong())
                : Optional.empty();
    }

    static byte[] topic(String topic) {
        return topic.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] sequence(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
