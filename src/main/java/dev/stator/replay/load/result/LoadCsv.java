package dev.stator.replay.load.result;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Locale;

/// Writes a row for each request as it ends. Thread-safe.
public final class LoadCsv implements AutoCloseable {
    static final String HEAD =
            "number,due_s,sent_s,ttft_ms,end_to_end_ms,gap_max_ms,prompt_tokens,cached_tokens,"
                    + "output_tokens,verdict,reason,lost,repeated,reordered,wrong\n";
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Writer out; // guarded by this

    /// @param out is closed with this
    public LoadCsv(Writer out) throws IOException {
        this.out = out;
        out.write(HEAD);
    }

    /// Throws `UncheckedIOException` when the row cannot be written.
    public synchronized void write(StreamOutcome outcome) {
        try {
            out.write(row(outcome));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String row(StreamOutcome outcome) {
        String ttft = outcome.hasBegun() ? millis(outcome.ttftNanos()) : "";
        return String.format(
                Locale.ROOT,
                "%d,%.6f,%.6f,%s,%s,%s,%d,%d,%d,%s,%s,%d,%d,%d,%d%n",
                outcome.number(),
                outcome.dueNanos() / NANOS_PER_SECOND,
                outcome.sentNanos() / NANOS_PER_SECOND,
                ttft,
                millis(outcome.endToEndNanos()),
                millis(outcome.gapMaxNanos()),
                outcome.tokens().prompt(),
                outcome.tokens().cached(),
                outcome.tokens().output(),
                outcome.verdict().name().toLowerCase(Locale.ROOT),
                quoted(outcome.reason()),
                outcome.discrepancies().lost(),
                outcome.discrepancies().repeated(),
                outcome.discrepancies().reordered(),
                outcome.discrepancies().wrong());
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "" : '"' + text.replace("\"", "\"\"") + '"';
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / NANOS_PER_MILLI);
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}
