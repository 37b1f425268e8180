package dev.stator.launch.cli.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rows of cells under a header, in columns as wide as their widest cell.
///
/// @param header `>` before a name aligns its column to the right
record AlignedTable(List<String> header, List<List<String>> rows) {
    private static final String RIGHT = ">";

    String text() {
        List<List<String>> all = new ArrayList<>();
        all.add(header.stream().map(it -> it.replace(RIGHT, "")).toList());
        all.addAll(rows);
        return text(all);
    }

    /// The rows alone.
    String lines() {
        return text(rows);
    }

    private String text(List<List<String>> all) {
        int[] widths =
                IntStream.range(0, header.size())
                        .map(i -> all.stream().mapToInt(it -> it.get(i).length()).max().orElse(0))
                        .toArray();
        return all.stream().map(it -> line(it, widths)).collect(Collectors.joining());
    }

    private String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            int space = widths[i] - cell.length();
            boolean right = header.get(i).startsWith(RIGHT);
            line.repeat(' ', right ? space : 0).append(cell);
            line.repeat(' ', right ? 2 : space + 2);
        }
        return line.toString().stripTrailing() + "\n";
    }
}
