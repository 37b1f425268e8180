package dev.stator.launch.processes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The output of a process, while it is written.
final class LogFile {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int TAIL_LINES = 12;
    private static final int TAIL_BYTES = 8 * 1024;

    private final Path path;
    private long searchedBytes;
    private String carried = "";

    LogFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /// Whether the text occurs in what was written since the last call, or across its begin. Looks
    /// at a bounded part per call.
    boolean continuesWith(String text) throws IOException {
        byte[] next = read(searchedBytes, CHUNK_BYTES);
        searchedBytes += next.length;
        String searched = carried + new String(next, StandardCharsets.ISO_8859_1);
        String wanted =
                new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        carried = searched.substring(Math.max(0, searched.length() - wanted.length()));
        return searched.contains(wanted);
    }

    /// The last lines, indented.
    String tail() throws IOException {
        long length = path.toFile().length();
        byte[] last = read(Math.max(0, length - TAIL_BYTES), TAIL_BYTES);
        var lines = new String(last, StandardCharsets.UTF_8).stripTrailing().lines().toList();
        return String.join(
                        "\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()))
                .indent(4)
                .stripTrailing();
    }

    private byte[] read(long from, int bytesMax) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(from);
            byte[] read = new byte[Math.clamp(file.length() - from, 0, bytesMax)];
            file.readFully(read);
            return read;
        }
    }
}
