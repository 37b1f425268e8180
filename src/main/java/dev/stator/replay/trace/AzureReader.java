package dev.stator.replay.trace;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The CSV of Azure's LLM inference traces: `TIMESTAMP,ContextTokens,GeneratedTokens`.
///
/// They say nothing of prefixes, so no prompt shares a block with another.
final class AzureReader implements TraceReader {
    static final String HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";

    private static final int COLUMNS = 3;
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder()
                    .appendPattern("yyyy-MM-dd HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                    .toFormatter();

    private final List<TraceRequest> requests = new ArrayList<>();
    private Optional<LocalDateTime> begin = Optional.empty();
    private long freshId;

    @Override
    public void read(String line) {
        if (line.equals(HEADER)) {
            return;
        }
        String[] cells = line.split(",", -1);
        if (cells.length != COLUMNS) {
            throw new IllegalArgumentException("must have " + HEADER + ": \"" + line + '"');
        }
        LocalDateTime time = time(cells[0]);
        if (begin.isEmpty()) {
            begin = Optional.of(time);
        }
        int input = Math.max(1, tokens("ContextTokens", cells[1]));
        int blocks = Math.ceilDiv(input, BlockSize.USUAL);
        requests.add(
                new TraceRequest(
                        Duration.between(begin.get(), time).toNanos(),
                        input,
                        tokens("GeneratedTokens", cells[2]),
                        BlockIds.range(freshId, blocks),
                        Optional.empty()));
        freshId += blocks;
    }

    @Override
    public Trace trace(String name) {
        return new Trace(name, BlockSize.USUAL, requests);
    }

    private static LocalDateTime time(String cell) {
        try {
            return LocalDateTime.parse(cell, TIME);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("TIMESTAMP must be a time: \"" + cell + '"', e);
        }
    }

    private static int tokens(String column, String cell) {
        try {
            return Integer.parseUnsignedInt(cell);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    column + " must be a whole number: \"" + cell + '"', e);
        }
    }
}
