package dev.stator.runtime.events.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.runtime.events.EventEnvelope;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

class EventMessageTest {
    private static final EventEnvelope ENVELOPE =
            new EventEnvelope(7, 258, 1_700_000_000_000L, "news", new JsonString("a"));

    /// `ENVELOPE`, packed by Python's msgpack.
    private static final String ENVELOPE_HEX =
            "85ac7075626c69736865725f696407a873657175656e6365cd0102ac7075626c69736865645f6174cf"
                    + "0000018bcfe56800a5746f706963a46e657773a77061796c6f6164c402a161";

    @Test
    void writesTheFramesOfDynamo() {
        assertThat(EventMessage.write(ENVELOPE).stream().map(HexFormat.of()::formatHex))
                .containsExactly(
                        "6e657773",
                        "0000000000000007",
                        "0000000000000102",
                        "0100000048" + ENVELOPE_HEX);
    }

    @Test
    void readsWhatItWrites() {
        EventMessage message = EventMessage.read(EventMessage.write(ENVELOPE)).orElseThrow();

        assertThat(message.topic()).isEqualTo("news");
        assertThat(message.publisherId()).isEqualTo(7);
        assertThat(message.sequence()).isEqualTo(258);
        assertThat(message.envelopeBytes()).asHexString().isEqualToIgnoringCase(ENVELOPE_HEX);
    }

    @Test
    void refusesEveryTruncationOfEveryFrameButTheTopic() {
        List<byte[]> frames = EventMessage.write(ENVELOPE);
        for (int frame = 1; frame < frames.size(); frame++) {
            for (int length = 0; length < frames.get(frame).length; length++) {
                var truncated = new ArrayList<>(frames);
                truncated.set(frame, Arrays.copyOf(frames.get(frame), length));

                assertThat(EventMessage.read(truncated)).isEmpty();
            }
        }
    }

    @Test
    void refusesOtherVersionsLengthsAndNumbersOfFrames() {
        List<byte[]> frames = EventMessage.write(ENVELOPE);
        byte[] later = frames.getLast().clone();
        later[0] = 2;
        byte[] longer = Arrays.copyOf(frames.getLast(), frames.getLast().length + 1);

        assertThat(EventMessage.read(with(frames, later))).isEmpty();
        assertThat(EventMessage.read(with(frames, longer))).isEmpty();
        assertThat(EventMessage.read(frames.subList(0, 3))).isEmpty();
        assertThat(EventMessage.read(List.of())).isEmpty();
    }

    private static List<byte[]> with(List<byte[]> frames, byte[] last) {
        return List.of(frames.get(0), frames.get(1), frames.get(2), last);
    }
}
