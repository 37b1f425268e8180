package dev.stator.launch.cli.explain;

import dev.stator.platform.codec.JsonField;

import java.util.Locale;

/// Figures of an answer as people read them.
final class Figures {
    private static final int BAR_WIDTH = 24;

    private Figures() {}

    static int count(JsonField field) {
        return field.integer(0, Integer.MAX_VALUE);
    }

    static String grouped(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /// Three digits at most: `0.4 ms`, `12 ms`, `1.25 s`.
    static String millis(double millis) {
        if (millis == 0) {
            return "0 ms";
        }
        if (millis < 9.95) {
            return String.format(Locale.ROOT, "%.1f ms", millis);
        }
        return millis < 999.5
                ? String.format(Locale.ROOT, "%.0f ms", millis)
                : String.format(Locale.ROOT, "%.2f s", millis / 1e3);
    }

    /// To the second.
    static String time(JsonField instant) {
        return instant.string().replaceFirst("\\.\\d+Z$", "Z");
    }

    static String percent(double ratio) {
        return String.format(Locale.ROOT, "%.1f %%", ratio * 100);
    }

    /// As long as its part of `most`, and never empty unless it is zero.
    static String bar(double value, double most) {
        if (value <= 0 || most <= 0) {
            return "";
        }
        return "#".repeat(Math.max(1, (int) Math.round(BAR_WIDTH * value / most)));
    }

    /// Breaks a text at spaces into lines that fit a terminal.
    static String wrapped(String text, int columns) {
        var wrapped = new StringBuilder();
        int length = 0;
        for (String word : text.split(" ", -1)) {
            if (length > 0 && length + 1 + word.length() > columns) {
                wrapped.append('\n');
                length = 0;
            }
            wrapped.append(length > 0 ? " " : "").append(word);
            length += (length > 0 ? 1 : 0) + word.length();
        }
        return wrapped.append('\n').toString();
    }
}
