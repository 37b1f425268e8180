package dev.stator.runtime.requests.callhome.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/// The bytes are computed from Dynamo's rule: three big-endian u64, header, body.
class TwoPartDecoderTest {
    private static final String BEGUN =
            "000000000000000e00000000000000000000000000000000" + "7b226572726f72223a6e756c6c7d";
    private static final String FINAL =
            "000000000000000000000000000000170000000000000000"
                    + "7b22636f6d706c6574655f66696e616c223a747275657d";

    @Test
    void writesWhatDynamoWrites() {
        assertThat(hex(TwoPartMessage.ofHeader("{\"error\":null}").toBytes())).isEqualTo(BEGUN);
        assertThat(hex(TwoPartMessage.ofBody(utf8("{\"complete_final\":true}")).toBytes()))
                .isEqualTo(FINAL);
    }

    @Test
    void readsWhatDynamoWrites() {
        List<TwoPartMessage> messages = decode(bytes(BEGUN + FINAL), Integer.MAX_VALUE);

        assertThat(texts(messages))
                .containsExactly("{\"error\":null}|", "|{\"complete_final\":true}");
    }

    @Test
    void aSplitAtAnyByteChangesNothing() {
        byte[] stream = bytes(BEGUN + FINAL + "00".repeat(24) + BEGUN);
        List<String> whole = texts(decode(stream, stream.length));

        for (int piece = 1; piece < stream.length; piece++) {
            assertThat(texts(decode(stream, piece))).isEqualTo(whole);
        }
        for (int split = 0; split <= stream.length; split++) {
            var decoder = new TwoPartDecoder(64, 64);
            List<TwoPartMessage> messages = new ArrayList<>();
            feed(decoder, ByteBuffer.wrap(stream, 0, split), messages);
            feed(decoder, ByteBuffer.wrap(stream, split, stream.length - split), messages);
            assertThat(texts(messages)).isEqualTo(whole);
        }
    }

    @Test
    void theChecksumIsNotLookedAt() {
        byte[] stream = bytes(BEGUN);
        stream[20] = 99;

        assertThat(decode(stream, stream.length)).hasSize(1);
    }

    @Test
    void aClaimBeyondTheLimitIsRefusedBeforeItsBytesCome() {
        String tooLongHeader = "0000000000000041" + "00".repeat(16);
        String tooLongBody = "0000000000000000" + "7fffffffffffffff" + "00".repeat(8);
        String negative = "ffffffffffffffff" + "00".repeat(16);

        for (String claim : List.of(tooLongHeader, tooLongBody, negative)) {
            assertThatThrownBy(() -> decode(bytes(claim), 24))
                    .isInstanceOf(FrameException.class)
                    .hasMessageContaining("more than 64");
        }
    }

    @Test
    void aWholeMessageMustBeExactlyOne() {
        assertThat(TwoPartMessage.parse(bytes(BEGUN)).headerText()).isEqualTo("{\"error\":null}");
        byte[] cut = bytes(BEGUN.substring(2));
        byte[] more = bytes(BEGUN + "00");

        assertThatThrownBy(() -> TwoPartMessage.parse(cut)).isInstanceOf(FrameException.class);
        assertThatThrownBy(() -> TwoPartMessage.parse(more)).isInstanceOf(FrameException.class);
        assertThatThrownBy(() -> TwoPartMessage.parse(new byte[0]))
                .isInstanceOf(FrameException.class);
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void randomMessagesSurviveAnyCut(long seed) {
        var random = new SplittableRandom(seed);
        List<TwoPartMessage> sent = new ArrayList<>();
        var stream = new ByteArrayOutputStream();
        for (int i = 0; i < 20; i++) {
            var message =
                    new TwoPartMessage(
                            randomBytes(random, random.nextInt(65)),
                            randomBytes(random, random.nextInt(65)));
            sent.add(message);
            stream.writeBytes(message.toBytes());
        }

        List<TwoPartMessage> read = decode(stream.toByteArray(), 1 + random.nextInt(100));
        assertThat(texts(read)).isEqualTo(texts(sent));
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void garbageIsRefusedOrWaitsForMore(long seed) {
        var random = new SplittableRandom(seed);
        byte[] garbage = randomBytes(random, 200);
        try {
            assertThat(decode(garbage, 1 + random.nextInt(200))).isEmpty();
        } catch (FrameException e) {
            assertThat(e).hasMessageContaining("claims");
        }
    }

    private static List<TwoPartMessage> decode(byte[] stream, int pieceBytes) {
        var decoder = new TwoPartDecoder(64, 64);
        List<TwoPartMessage> messages = new ArrayList<>();
        for (int i = 0; i < stream.length; i += Math.min(pieceBytes, stream.length - i)) {
            int size = Math.min(pieceBytes, stream.length - i);
            feed(decoder, ByteBuffer.wrap(stream, i, size), messages);
        }
        return messages;
    }

    private static void feed(TwoPartDecoder decoder, ByteBuffer in, List<TwoPartMessage> out) {
        for (Optional<TwoPartMessage> next = decoder.next(in);
                next.isPresent();
                next = decoder.next(in)) {
            out.add(next.get());
        }
        assertThat(in.hasRemaining()).isFalse();
    }

    private static List<String> texts(List<TwoPartMessage> messages) {
        return messages.stream().map(it -> latin(it.header()) + "|" + latin(it.body())).toList();
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] randomBytes(SplittableRandom random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
