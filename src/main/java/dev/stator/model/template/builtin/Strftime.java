package dev.stator.model.template.builtin;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/// Python's `strftime` in the C locale. A directive nobody knows stays as it is.
final class Strftime {
    private Strftime() {}

    static String format(String pattern, ZonedDateTime time) {
        var out = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c != '%' || i + 1 == pattern.length()) {
                out.append(c);
                continue;
            }
            boolean isUnpadded = pattern.charAt(i + 1) == '-' && i + 2 < pattern.length();
            char directive = pattern.charAt(isUnpadded ? i + 2 : i + 1);
            String text = directive(directive, time);
            out.append(isUnpadded ? unpadded(text) : text);
            i += isUnpadded ? 2 : 1;
        }
        return out.toString();
    }

    private static String unpadded(String text) {
        int start = 0;
        while (start < text.length() - 1 && "0 ".indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        return text.substring(start);
    }

    private static String directive(char directive, ZonedDateTime time) {
        return switch (directive) {
            case '%' -> "%";
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'a' -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'b', 'h' -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'B' -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'z', 'Z' -> "";
            case 's' -> Long.toString(time.toEpochSecond());
            case 'c' -> format("%a %b %e %H:%M:%S %Y", time);
            case 'x', 'D' -> format("%m/%d/%y", time);
            case 'X', 'T' -> format("%H:%M:%S", time);
            case 'F' -> format("%Y-%m-%d", time);
            case 'R' -> format("%H:%M", time);
            case 'r' -> format("%I:%M:%S %p", time);
            default -> number(directive, time);
        };
    }

    private static String number(char directive, ZonedDateTime time) {
        int weekday = time.getDayOfWeek().getValue();
        return switch (directive) {
            case 'd' -> padded(time.getDayOfMonth(), 2);
            case 'e' -> "%2d".formatted(time.getDayOfMonth());
            case 'm' -> padded(time.getMonthValue(), 2);
            case 'y' -> padded(time.getYear() % 100, 2);
            case 'Y' -> Integer.toString(time.getYear());
            case 'C' -> padded(time.getYear() / 100, 2);
            case 'G' -> Integer.toString(time.get(IsoFields.WEEK_BASED_YEAR));
            case 'H' -> padded(time.getHour(), 2);
            case 'k' -> "%2d".formatted(time.getHour());
            case 'I' -> padded(time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2);
            case 'l' -> "%2d".formatted(time.get(ChronoField.CLOCK_HOUR_OF_AMPM));
            case 'M' -> padded(time.getMinute(), 2);
            case 'S' -> padded(time.getSecond(), 2);
            case 'f' -> DateTimeFormatter.ofPattern("SSSSSS", Locale.ROOT).format(time);
            case 'j' -> padded(time.getDayOfYear(), 3);
            case 'u' -> Integer.toString(weekday);
            case 'w' -> Integer.toString(weekday % 7);
            case 'V' -> padded(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2);
            case 'U' -> padded((time.getDayOfYear() + 6 - weekday % 7) / 7, 2);
            case 'W' -> padded((time.getDayOfYear() + 6 - (weekday - 1)) / 7, 2);
            default -> "%" + directive;
        };
    }

    private static String padded(int number, int digits) {
        return ("%0" + digits + "d").formatted(number);
    }
}
