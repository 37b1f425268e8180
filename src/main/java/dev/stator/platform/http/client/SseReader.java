package dev.stator.platform.http.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Cuts bytes into server-sent events, wherever the bytes are split.
///
/// Follows the event stream format of the HTML standard: lines end with CR, LF or both, `data`
/// lines of one event are joined by LF, comments and other fields are skipped, and an event counts
/// only once the empty line behind it has come. Stricter than the standard where bytes are not
/// UTF-8: that is an error.
final class SseReader {
    private static final int BUFFER_BYTES = 512;
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);

    private final int eventBytesMax;
    private byte[] line = new byte[BUFFER_BYTES];
    private int length;
    private boolean afterReturn;
    private boolean begun;
    private StringBuilder data = new StringBuilder();
    private boolean hasData;
    private int dataBytes;

    SseReader(int eventBytesMax) {
        this.eventBytesMax = eventBytesMax;
    }

    /// The data of the next event; empty when `in` holds no end of one, and then all of it is read.
    /// Throws `IOException` when an event is too large or not UTF-8.
    Optional<String> next(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            byte next = in.get();
            boolean secondOfPair = afterReturn && next == '\n';
            afterReturn = next == '\r';
            if (secondOfPair) {
                continue;
            }
            if (next != '\n' && next != '\r') {
                append(next);
                continue;
            }
            Optional<String> event = endLine();
            length = 0;
            if (event.isPresent()) {
                return event;
            }
        }
        return Optional.empty();
    }

    private void append(byte next) throws IOException {
        if (length + dataBytes >= eventBytesMax) {
            throw new IOException("an event is larger than " + eventBytesMax + " bytes");
        }
        if (length == line.length) {
            line = Arrays.copyOf(line, length * 2);
        }
        line[length++] = next;
    }

    private Optional<String> endLine() throws IOException {
        if (length == 0) {
            return endEvent();
        }
        int start = begun ? 0 : byteOrderMark();
        begun = true;
        int colon = start;
        while (colon < length && line[colon] != ':') {
            colon++;
        }
        if (Arrays.equals(line, start, colon, DATA, 0, DATA.length)) {
            int value = Math.min(colon + 1, length);
            addData(value < length && line[value] == ' ' ? value + 1 : value);
        }
        return Optional.empty();
    }

    private int byteOrderMark() {
        boolean marked =
                length >= 3
                        && line[0] == (byte) 0xef
                        && line[1] == (byte) 0xbb
                        && line[2] == (byte) 0xbf;
        return marked ? 3 : 0;
    }

    private void addData(int from) throws IOException {
        if (hasData) {
            data.append('\n');
        }
        try {
            data.append(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(line, from, length - from)));
        } catch (CharacterCodingException e) {
            throw new IOException("an event is not valid UTF-8", e);
        }
        hasData = true;
        dataBytes += length - from;
    }

    private Optional<String> endEvent() {
        if (!hasData) {
            return Optional.empty();
        }
        String event = data.toString();
        data = new StringBuilder();
        hasData = false;
        dataBytes = 0;
        return Optional.of(event);
    }
}
