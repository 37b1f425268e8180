package dev.stator.model.template.method;

import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.CodePoints;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The methods of strings that cut.
public final class TextSplitting {
    static final Operations METHODS =
            new Operations()
                    .define("split", "sep maxsplit", TextSplitting::split)
                    .define("rsplit", "sep maxsplit", TextSplitting::splitFromRight)
                    .define("splitlines", "keepends", TextSplitting::splitLines)
                    .define("partition", "/sep", TextSplitting::partition)
                    .define("rpartition", "/sep", TextSplitting::partitionFromRight);

    private TextSplitting() {}

    /// Cuts after each line break, and drops the breaks unless `keepsEnds`.
    public static List<String> lines(String text, boolean keepsEnds, Budget budget) {
        budget.elements(text.length() / 8);
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (CodePoints.isLineBreak(text.charAt(i))) {
                int end = i;
                if (text.startsWith("\r\n", i)) {
                    i++;
                }
                lines.add(text.substring(start, keepsEnds ? i + 1 : end));
                start = i + 1;
            }
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    private static Value split(Value subject, Arguments arguments, Budget budget) {
        String text = subject.text();
        long cuts = arguments.integer(1, -1);
        return isBlankSeparated(arguments)
                ? list(words(text, cuts), budget)
                : list(cut(text, separator(text, arguments, budget), cuts), budget);
    }

    private static Value splitFromRight(Value subject, Arguments arguments, Budget budget) {
        String text = subject.text();
        long cuts = arguments.integer(1, -1);
        return isBlankSeparated(arguments)
                ? list(wordsFromRight(text, cuts), budget)
                : list(cutFromRight(text, separator(text, arguments, budget), cuts), budget);
    }

    private static boolean isBlankSeparated(Arguments arguments) {
        return !arguments.has(0) || arguments.get(0) == Value.None.NONE;
    }

    private static String separator(String text, Arguments arguments, Budget budget) {
        String separator = arguments.text(0);
        budget.search(text, separator);
        if (separator.isEmpty()) {
            throw TemplateFault.evaluation("empty separator");
        }
        return separator;
    }

    private static Value list(List<String> parts, Budget budget) {
        budget.elements(parts.size());
        List<Value> items = new ArrayList<>(parts.size());
        for (String part : parts) {
            budget.read(part.length());
            items.add(Text.of(part));
        }
        return Sequence.list(items);
    }

    private static List<String> cut(String text, String separator, long cuts) {
        List<String> parts = new ArrayList<>(4);
        int start = 0;
        int at = text.indexOf(separator);
        while (at >= 0 && parts.size() != cuts) {
            parts.add(text.substring(start, at));
            start = at + separator.length();
            at = text.indexOf(separator, start);
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static List<String> cutFromRight(String text, String separator, long cuts) {
        List<String> parts = new ArrayList<>();
        int end = text.length();
        int at = text.lastIndexOf(separator);
        while (at >= 0 && parts.size() != cuts) {
            parts.add(text.substring(at + separator.length(), end));
            end = at;
            at =
                    end < separator.length()
                            ? -1
                            : text.lastIndexOf(separator, end - separator.length());
        }
        parts.add(text.substring(0, end));
        Collections.reverse(parts);
        return parts;
    }

    private static List<String> words(String text, long cuts) {
        List<String> words = new ArrayList<>();
        int at = skipBlanks(text, 0);
        while (at < text.length()) {
            if (words.size() == cuts) {
                words.add(text.substring(at));
                return words;
            }
            int end = at;
            while (end < text.length() && !CodePoints.isSpace(text.charAt(end))) {
                end++;
            }
            words.add(text.substring(at, end));
            at = skipBlanks(text, end);
        }
        return words;
    }

    private static List<String> wordsFromRight(String text, long cuts) {
        List<String> words = new ArrayList<>();
        int end = skipBlanksBack(text, text.length());
        while (end > 0) {
            if (words.size() == cuts) {
                words.add(text.substring(0, end));
                break;
            }
            int start = end;
            while (start > 0 && !CodePoints.isSpace(text.charAt(start - 1))) {
                start--;
            }
            words.add(text.substring(start, end));
            end = skipBlanksBack(text, start);
        }
        Collections.reverse(words);
        return words;
    }

    private static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && CodePoints.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int skipBlanksBack(String text, int from) {
        int at = from;
        while (at > 0 && CodePoints.isSpace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static Value splitLines(Value subject, Arguments arguments, Budget budget) {
        return list(lines(subject.text(), arguments.flag(0), budget), budget);
    }

    private static Value partition(Value subject, Arguments arguments, Budget budget) {
        String text = subject.text();
        int at = text.indexOf(separator(text, arguments, budget));
        return at < 0 ? triple(text, "", "") : around(text, at, arguments.text(0));
    }

    private static Value partitionFromRight(Value subject, Arguments arguments, Budget budget) {
        String text = subject.text();
        int at = text.lastIndexOf(separator(text, arguments, budget));
        return at < 0 ? triple("", "", text) : around(text, at, arguments.text(0));
    }

    private static Value around(String text, int at, String separator) {
        return triple(text.substring(0, at), separator, text.substring(at + separator.length()));
    }

    private static Value triple(String first, String second, String third) {
        return Sequence.tuple(List.of(Text.of(first), Text.of(second), Text.of(third)));
    }
}
