package dev.stator.replay.trace;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.tokens.LongMap;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;

/// Writes a trace in Mooncake's format, which Dynamo's replay and AIPerf read too.
///
/// Ids are numbered anew, in the order in which they come.
public final class MooncakeWriter {
    private static final double NANOS_PER_MILLI = 1e6;

    private final LongMap<Long> numbers = new LongMap<>();

    private MooncakeWriter() {}

    /// Packs it by gzip when the name ends in `.gz`.
    public static void write(Trace trace, Path file) throws IOException {
        var writer = new MooncakeWriter();
        try (OutputStream bytes = open(file);
                var out =
                        new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8))) {
            for (TraceRequest request : trace.requests()) {
                out.write(Json.write(writer.row(request)));
                out.write('\n');
            }
        }
    }

    private static OutputStream open(Path file) throws IOException {
        OutputStream bytes = Files.newOutputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPOutputStream(bytes) : bytes;
    }

    private JsonObject row(TraceRequest request) {
        var row = new JsonObjectBuilder();
        putMillis(row, "timestamp", request.arrivalNanos());
        row.put("input_length", request.inputTokens())
                .put("output_length", request.outputTokens())
                .putUnsigned(
                        "hash_ids", LongStream.of(request.blocks().toArray()).map(this::number));
        request.turn()
                .ifPresent(
                        turn -> {
                            row.put("session_id", turn.session());
                            putMillis(row, "delay", turn.thinkNanos());
                        });
        return row.build();
    }

    private static void putMillis(JsonObjectBuilder row, String name, long nanos) {
        if (nanos % 1_000_000 == 0) {
            row.put(name, nanos / 1_000_000);
        } else {
            row.put(name, nanos / NANOS_PER_MILLI);
        }
    }

    private long number(long id) {
        Long known = numbers.get(id);
        if (known == null) {
            known = (long) numbers.size();
            numbers.put(id, known);
        }
        return known;
    }
}
