package dev.stator.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The limits that keep a file readable, and what breaks them.
final class SourceBudget {
    static final int PACKAGE_CLASSES_MAX = 15;

    private static final int FILE_LINES_MAX = 400;
    private static final int METHOD_LINES_MAX = 50;
    private static final int PARAMETERS_MAX = 5;
    private static final int NESTING_MAX = 3;
    private static final int LINE_COLUMNS_MAX = 100;
    private static final Pattern LEFT_OVER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");

    private final List<Allowance> allowances;

    /// A file that may break one limit, up to a number it must not outgrow.
    record Allowance(String file, String rule, int limit, String reason) {}

    private record Measure(String rule, String where, int value, int limit) {}

    SourceBudget(List<Allowance> allowances) {
        this.allowances = List.copyOf(allowances);
    }

    /// One line per broken limit.
    List<String> violations(SourceFile file) {
        String name = file.path().getFileName().toString();
        List<String> found = new ArrayList<>();
        for (Measure measure : measures(file)) {
            int limit = limit(name, measure);
            if (measure.value() > limit) {
                found.add(
                        "%s: %d %s%s, limit %d"
                                .formatted(
                                        name,
                                        measure.value(),
                                        measure.rule(),
                                        measure.where(),
                                        limit));
            }
        }
        file.lines().stream()
                .filter(line -> LEFT_OVER.matcher(line).find())
                .forEach(line -> found.add(name + ": unfinished work: " + line.strip()));
        return found;
    }

    private static List<Measure> measures(SourceFile file) {
        List<Measure> measures = new ArrayList<>();
        measures.add(new Measure("file lines", "", file.lines().size(), FILE_LINES_MAX));
        for (SourceFile.Method method : file.methods()) {
            String of = " of " + method.name();
            measures.add(new Measure("method lines", of, method.lines(), METHOD_LINES_MAX));
            measures.add(new Measure("nesting", of, method.nesting(), NESTING_MAX));
            if (!method.isTable()) {
                measures.add(new Measure("parameters", of, method.parameters(), PARAMETERS_MAX));
            }
        }
        for (int i = 0; i < file.lines().size(); i++) {
            int columns = file.lines().get(i).length();
            measures.add(new Measure("columns", " of line " + (i + 1), columns, LINE_COLUMNS_MAX));
        }
        return measures;
    }

    private int limit(String name, Measure measure) {
        return allowances.stream()
                .filter(it -> it.file().equals(name) && it.rule().equals(measure.rule()))
                .mapToInt(Allowance::limit)
                .findFirst()
                .orElse(measure.limit());
    }
}
