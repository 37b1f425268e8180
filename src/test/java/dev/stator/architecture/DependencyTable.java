package dev.stator.architecture;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Who may use whom, as `ARCHITECTURE.md` says it.
final class DependencyTable {
    private static final Pattern ENTRY = Pattern.compile("`([a-z]+)`(?: \\(([a-z, ]+)\\))?");
    private static final String ROOT = "dev.stator.";

    /// For each package, what it may use; the value names the sub-packages that may, empty for all.
    private final Map<String, Map<String, Set<String>>> allowed = new LinkedHashMap<>();

    static DependencyTable read(Path page) {
        var table = new DependencyTable();
        for (List<String> row : MarkdownTable.below(page, "Dependencies")) {
            String name = row.get(0).replace("`", "");
            table.allowed.put(name, entries(row.get(1)));
        }
        if (!table.allowed.containsKey("launch")) {
            throw new IllegalStateException("no complete dependency table in " + page);
        }
        return table;
    }

    Set<String> packages() {
        return allowed.keySet();
    }

    /// Whether a class in package `origin` may use one in package `target`, both below the root.
    boolean permits(String origin, String target) {
        String from = top(origin);
        String to = top(target);
        if (from.equals(to) || from.equals("launch")) {
            return true;
        }
        Set<String> only = allowed.getOrDefault(from, Map.of()).get(to);
        return only != null && (only.isEmpty() || only.contains(second(origin)));
    }

    private static Map<String, Set<String>> entries(String cell) {
        Map<String, Set<String>> entries = new HashMap<>();
        Matcher matcher = ENTRY.matcher(cell);
        while (matcher.find()) {
            Set<String> only = new TreeSet<>();
            if (matcher.group(2) != null) {
                only.addAll(List.of(matcher.group(2).split(", ")));
            }
            entries.put(matcher.group(1), only);
        }
        return entries;
    }

    private static String top(String packageName) {
        return segment(packageName, 0);
    }

    private static String second(String packageName) {
        return segment(packageName, 1);
    }

    private static String segment(String packageName, int index) {
        if (!packageName.startsWith(ROOT)) {
            return "";
        }
        List<String> segments = List.of(packageName.substring(ROOT.length()).split("\\.", -1));
        return index < segments.size() ? segments.get(index) : "";
    }
}
