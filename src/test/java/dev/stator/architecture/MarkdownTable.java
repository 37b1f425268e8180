package dev.stator.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The rows of the first table below a heading of a Markdown page.
final class MarkdownTable {
    private MarkdownTable() {}

    /// The cells of each row, header and rule left out.
    static List<List<String>> below(Path page, String heading) {
        List<String> lines;
        try {
            lines = Files.readAllLines(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int start = lines.indexOf("## " + heading);
        if (start < 0) {
            throw new IllegalArgumentException(page + " has no heading '## " + heading + "'");
        }
        return lines.stream()
                .skip(start)
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(MarkdownTable::cells)
                .toList();
    }

    private static List<String> cells(String row) {
        String inner = row.strip().substring(1, row.strip().length() - 1);
        return Arrays.stream(inner.split("\\|", -1)).map(String::strip).toList();
    }
}
