package dev.stator.runtime.requests.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.runtime.requests.callhome.frames.FrameException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// The bytes are computed from Dynamo's rule: u16 path, u16 headers, u32 payload, big-endian.
class RequestFrameTest {
    private static final String HEAD =
            "000b32612f67656e6572617465"
                    + "00137b22726571756573742d6964223a227231227d"
                    + "000001cf";
    private static final int LIMIT = 1 << 10;

    @Test
    void writesWhatDynamoWrites() {
        byte[] head = RequestFrame.head("2a/generate", "{\"request-id\":\"r1\"}", 463);

        assertThat(HexFormat.of().formatHex(head)).isEqualTo(HEAD);
        assertThat(head.length + 463).isEqualTo(501);
    }

    @Test
    void readsWhatDynamoWrites() {
        List<RequestFrame> frames = decode(frame(463), LIMIT);

        assertThat(frames).hasSize(1);
        assertThat(frames.getFirst().path()).isEqualTo("2a/generate");
        assertThat(frames.getFirst().headers()).isEqualTo("{\"request-id\":\"r1\"}");
        assertThat(frames.getFirst().payload()).isEqualTo(payload(463));
    }

    @Test
    void aSplitAtAnyByteChangesNothing() {
        var stream = new ByteArrayOutputStream();
        stream.writeBytes(frame(463));
        stream.writeBytes(RequestFrame.head("", "", 0));
        stream.writeBytes(frame(463));
        byte[] bytes = stream.toByteArray();

        for (int piece = 1; piece <= bytes.length; piece++) {
            List<RequestFrame> frames = decode(bytes, piece);
            assertThat(frames.stream().map(RequestFrame::path))
                    .containsExactly("2a/generate", "", "2a/generate");
            assertThat(frames.getLast().payload()).isEqualTo(payload(463));
        }
    }

    @Test
    void aClaimBeyondTheLimitIsRefusedBeforeItsBytesCome() {
        for (String claim : List.of("00000401", "ffffffff")) {
            byte[] head = HexFormat.of().parseHex("00000000" + claim);

            assertThatThrownBy(() -> decode(head, head.length))
                    .isInstanceOf(FrameException.class)
                    .hasMessageContaining("more than 1024");
        }
    }

    @Test
    void partsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> RequestFrame.head("x".repeat(65_536), "", 0))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("path");
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void garbageIsRefusedOrIsSomeRequestOrWaitsForMore(long seed) {
        var random = new SplittableRandom(seed);
        byte[] garbage = new byte[5_000];
        random.nextBytes(garbage);
        for (int i = 0; i < garbage.length; i += 2) {
            garbage[i] &= 1;
        }
        try {
            decode(garbage, 1 + random.nextInt(200))
                    .forEach(it -> assertThat(it.payload().length).isLessThanOrEqualTo(LIMIT));
        } catch (FrameException e) {
            assertThat(e).hasMessageContaining("more than");
        }
    }

    @Test
    void repliesAreTheBytesOfDynamo() {
        assertThat(ReplyFrame.ACCEPTED).containsExactly(0, 0, 0, 0);
        assertThat(HexFormat.of().formatHex(ReplyFrame.of("no"))).isEqualTo("000000026e6f");
    }

    @Test
    void repliesAreReadHoweverTheyArrive() {
        byte[] bytes = HexFormat.of().parseHex("000000000000000000000003796573" + "00000000");

        for (int piece = 1; piece <= bytes.length; piece++) {
            var decoder = new ReplyFrame.Decoder();
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < bytes.length; i += piece) {
                ByteBuffer in = ByteBuffer.wrap(bytes, i, Math.min(piece, bytes.length - i));
                for (Optional<String> next = decoder.next(in);
                        next.isPresent();
                        next = decoder.next(in)) {
                    texts.add(next.get());
                }
            }
            assertThat(texts).containsExactly("", "", "yes", "");
        }
    }

    @Test
    void aReplyThatClaimsTooMuchIsRefused() {
        var decoder = new ReplyFrame.Decoder();
        ByteBuffer claim = ByteBuffer.wrap(HexFormat.of().parseHex("ffffffff"));

        assertThatThrownBy(() -> decoder.next(claim))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("4294967295");
    }

    private static byte[] frame(int payloadBytes) {
        byte[] head = RequestFrame.head("2a/generate", "{\"request-id\":\"r1\"}", payloadBytes);
        return ByteBuffer.allocate(head.length + payloadBytes)
                .put(head)
                .put(payload(payloadBytes))
                .array();
    }

    private static byte[] payload(int bytes) {
        return "x".repeat(bytes).getBytes(StandardCharsets.UTF_8);
    }

    private static List<RequestFrame> decode(byte[] stream, int pieceBytes) {
        var decoder = new RequestFrameDecoder(LIMIT);
        List<RequestFrame> frames = new ArrayList<>();
        for (int i = 0; i < stream.length; i += Math.min(pieceBytes, stream.length - i)) {
            ByteBuffer in = ByteBuffer.wrap(stream, i, Math.min(pieceBytes, stream.length - i));
            for (Optional<RequestFrame> next = decoder.next(in);
                    next.isPresent();
                    next = decoder.next(in)) {
                frames.add(next.get());
            }
        }
        return frames;
    }
}
