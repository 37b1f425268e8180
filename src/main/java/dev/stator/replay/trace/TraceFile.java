package dev.stator.replay.trace;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/// Opens a trace, packed by gzip or not, and tells its format from what is in it.
public final class TraceFile {
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int BUFFER_BYTES = 1 << 16;

    private TraceFile() {}

    /// Throws `TraceException` with file, line, field and value when it is no trace.
    public static Trace read(Path file) throws IOException {
        try (InputStream bytes = open(file);
                var lines =
                        new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
            return read(file, lines);
        }
    }

    private static Trace read(Path file, BufferedReader lines) throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new TraceException(file, "is empty");
        }
        long number = 1;
        try {
            TraceReader reader = readerFor(line);
            while (line != null) {
                if (!line.isBlank()) {
                    reader.read(line);
                }
                line = lines.readLine();
                number++;
            }
            return reader.trace(file.getFileName().toString());
        } catch (JsonException | JsonFieldException | IllegalArgumentException e) {
            throw new TraceException(file, number, String.valueOf(e.getMessage()), e);
        }
    }

    private static InputStream open(Path file) throws IOException {
        var bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        bytes.mark(2);
        int magic = bytes.read() << 8 | bytes.read();
        bytes.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(bytes, BUFFER_BYTES) : bytes;
    }

    private static TraceReader readerFor(String firstLine) {
        if (firstLine.equals(AzureReader.HEADER)) {
            return new AzureReader();
        }
        if (!firstLine.startsWith("{")) {
            throw new IllegalArgumentException(
                    "is neither a JSON object nor the header " + AzureReader.HEADER);
        }
        JsonField row = JsonField.root(Json.parse(firstLine, JsonLimits.REQUEST));
        return row.get("h").isPresent() ? new AgenticReader() : new MooncakeReader();
    }
}
