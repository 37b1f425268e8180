package dev.stator.launch.cli.explain;

import java.util.Comparator;
import java.util.List;

/// Which of the known ids somebody may have meant.
///
/// @param known newest first
record NearestIds(List<String> known) {
    private static final int SUGGESTIONS_MAX = 3;
    private static final int WRONG_PARTS = 4; // one character in so many may be wrong

    /// Those that contain what was typed, else those that are nearly the same; nearest first.
    List<String> to(String typed) {
        List<String> containing =
                known.stream().filter(it -> it.contains(typed)).distinct().toList();
        if (!containing.isEmpty()) {
            return containing.stream().limit(SUGGESTIONS_MAX).toList();
        }
        int wrongMax = Math.max(2, typed.length() / WRONG_PARTS);
        return known.stream()
                .distinct()
                .filter(it -> distance(it, typed) <= wrongMax)
                .sorted(Comparator.comparingInt(it -> distance(it, typed)))
                .limit(SUGGESTIONS_MAX)
                .toList();
    }

    /// Levenshtein's: characters to insert, remove or replace.
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
