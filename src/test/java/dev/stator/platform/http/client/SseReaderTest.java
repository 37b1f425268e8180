package dev.stator.platform.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

@SuppressWarnings("StringConcatToTextBlock") // line ends are what is tested
class SseReaderTest {
    private static final String STREAM =
            "\ufeff: hello\r\ndata: {\"a\":\"\u00fcber \ud83d\ude02\"}\r\n\r\n"
                    + "event: x\nid: 7\ndata:one\ndata: two\ndata\n\n"
                    + "\n\nretry: 5\n\n"
                    + "data:  spaced \rdata: \r\r: ping\n\ndata: [DONE]\n\ndata: unfinished\n";
    private static final List<String> EVENTS =
            List.of("{\"a\":\"\u00fcber \ud83d\ude02\"}", "one\ntwo\n", " spaced \n", "[DONE]");

    private static List<String> read(SseReader reader, byte[]... pieces) throws IOException {
        List<String> events = new ArrayList<>();
        for (byte[] piece : pieces) {
            ByteBuffer bytes = ByteBuffer.wrap(piece);
            for (Optional<String> event = reader.next(bytes);
                    event.isPresent();
                    event = reader.next(bytes)) {
                events.add(event.get());
            }
            assertThat(bytes.hasRemaining()).isFalse();
        }
        return events;
    }

    private static SseReader reader() {
        return new SseReader(1_000);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void readsTheSameEventsWhereverTheBytesAreSplit() throws IOException {
        byte[] all = bytes(STREAM);
        for (int cut = 0; cut <= all.length; cut++) {
            byte[] before = Arrays.copyOfRange(all, 0, cut);
            byte[] after = Arrays.copyOfRange(all, cut, all.length);

            assertThat(read(reader(), before, after)).as("cut at " + cut).isEqualTo(EVENTS);
        }
    }

    @Test
    void readsTheSameEventsByteByByte() throws IOException {
        byte[] all = bytes(STREAM);
        byte[][] pieces = new byte[all.length][];
        for (int i = 0; i < all.length; i++) {
            pieces[i] = new byte[] {all[i]};
        }

        assertThat(read(reader(), pieces)).isEqualTo(EVENTS);
    }

    @Test
    void anEventBeyondTheLimitIsRefused() {
        String line = "data: " + "x".repeat(400) + "\n";

        assertThatThrownBy(() -> read(reader(), bytes("data: " + "x".repeat(2_000))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1000");
        assertThatThrownBy(() -> read(reader(), bytes(line.repeat(4) + "\n")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void theLimitIsOnOneEventAndNotOnTheStream() throws IOException {
        String event = "data: " + "x".repeat(600) + "\n\n: " + "p".repeat(600) + "\n";

        assertThat(read(reader(), bytes(event.repeat(50)))).hasSize(50);
    }

    @Test
    void halfACharacterIsRefused() {
        byte[] half = {'d', 'a', 't', 'a', ':', (byte) 0xc3, '\n', '\n'};

        assertThatThrownBy(() -> read(reader(), half))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void whatItWroteIsReadHoweverItIsSplit(long seed) throws IOException {
        var random = new SplittableRandom(seed);
        String[] lineEnds = {"\n", "\r\n", "\r"};
        var stream = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String end = lineEnds[random.nextInt(3)];
            String first = "\u00e9".repeat(random.nextInt(5)) + random.nextInt();
            String second = random.nextBoolean() ? "\ud83d\ude02" : "";
            stream.append(": c").append(end);
            stream.append("data: ").append(first).append(end);
            stream.append("data:").append(second).append(end).append(end);
            expected.add(first + "\n" + second);
        }

        assertThat(read(reader(), pieces(bytes(stream.toString()), random))).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void anythingIsReadOrRefused(long seed) {
        var random = new SplittableRandom(seed);
        byte[] noise = new byte[3_000];
        byte[] likely = bytes("data: \r\n\n:\u00e9");
        for (int i = 0; i < noise.length; i++) {
            noise[i] =
                    random.nextInt(20) == 0
                            ? (byte) random.nextInt(256)
                            : likely[random.nextInt(likely.length)];
        }
        try {
            read(reader(), pieces(noise, random));
        } catch (IOException e) {
            assertThat(e).hasMessageStartingWith("an event is ");
        }
    }

    private static byte[][] pieces(byte[] all, SplittableRandom random) {
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < all.length; ) {
            int end = Math.min(all.length, at + 1 + random.nextInt(9));
            pieces.add(Arrays.copyOfRange(all, at, end));
            at = end;
        }
        return pieces.toArray(byte[][]::new);
    }
}
