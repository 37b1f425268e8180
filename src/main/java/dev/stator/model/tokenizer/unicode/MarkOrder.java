package dev.stator.model.tokenizer.unicode;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The canonical order of combining marks.
///
/// The JDK normalizes a run of n marks in O(n²): 200,000 of them take it more than a minute. Runs
/// that are in canonical order take it O(n), so long ones are brought into that order first, which
/// gives a canonically equivalent text and hence the same composed form.
final class MarkOrder {
    private static final int SHORT_RUN_MAX = 32;

    private MarkOrder() {}

    static boolean isMark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK ->
                    true;
            default -> false;
        };
    }

    /// The text itself, or an equivalent one when it has a run of more than `SHORT_RUN_MAX` marks.
    static String sortLongRuns(String text) {
        return hasLongRun(text) ? sortRuns(text) : text;
    }

    private static boolean hasLongRun(String text) {
        int run = 0;
        int c;
        for (int i = 0; i < text.length() && run <= SHORT_RUN_MAX; i += Character.charCount(c)) {
            c = text.codePointAt(i);
            run = isMark(c) ? run + 1 : 0;
        }
        return run > SHORT_RUN_MAX;
    }

    private static String sortRuns(String text) {
        var sorted = new StringBuilder(text.length());
        List<Integer> run = new ArrayList<>();
        text.codePoints()
                .forEach(
                        c -> {
                            if (isMark(c)) {
                                decomposed(c).codePoints().forEach(run::add);
                            } else {
                                flush(run, sorted);
                                sorted.appendCodePoint(c);
                            }
                        });
        flush(run, sorted);
        return sorted.toString();
    }

    private static String decomposed(int codePoint) {
        return Normalizer.normalize(Character.toString(codePoint), Form.NFD);
    }

    /// Appends the run, sorted between marks of class zero, which keep their place.
    private static void flush(List<Integer> run, StringBuilder out) {
        int start = 0;
        for (int i = 0; i <= run.size(); i++) {
            if (i == run.size() || Classes.rank(run.get(i)) == 0) {
                List<Integer> movable = run.subList(start, i);
                movable.sort((a, b) -> Integer.compare(Classes.rank(a), Classes.rank(b)));
                start = i + 1;
            }
        }
        run.forEach(out::appendCodePoint);
        run.clear();
    }

    /// The rank of every mark among the combining classes. The JDK does not tell it but shows it:
    /// two marks swap exactly when the first has the higher class and neither has class zero.
    /// Loaded when a long run first appears.
    private static final class Classes {
        private static final int LOWEST = 0x0334; // class 1
        private static final int HIGHEST = 0x0345; // class 240
        private static final Map<Integer, Integer> RANKS = ranks();

        /// Zero for class zero.
        static int rank(int codePoint) {
            return RANKS.getOrDefault(codePoint, 0);
        }

        private static Map<Integer, Integer> ranks() {
            List<Integer> marks = new ArrayList<>();
            for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
                if (isMark(c) && decomposed(c).equals(Character.toString(c)) && hasClass(c)) {
                    marks.add(c);
                }
            }
            marks.sort(Classes::compare);
            Map<Integer, Integer> ranks = new HashMap<>();
            int rank = 1;
            for (int i = 0; i < marks.size(); i++) {
                rank += i > 0 && compare(marks.get(i - 1), marks.get(i)) < 0 ? 1 : 0;
                ranks.put(marks.get(i), rank);
            }
            return ranks;
        }

        private static boolean hasClass(int mark) {
            return isSwapped(HIGHEST, mark) || isSwapped(mark, LOWEST);
        }

        private static int compare(int a, int b) {
            if (isSwapped(a, b)) {
                return 1;
            }
            return isSwapped(b, a) ? -1 : 0;
        }

        private static boolean isSwapped(int first, int second) {
            String pair = Character.toString(first) + Character.toString(second);
            return !Normalizer.normalize(pair, Form.NFD).startsWith(decomposed(first));
        }
    }
}
