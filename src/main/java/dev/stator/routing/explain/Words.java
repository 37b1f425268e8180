package dev.stator.routing.explain;

import dev.stator.routing.RoutingChoice.Priced;

import java.time.Duration;
import java.util.Locale;

/// Quantities as people write them.
final class Words {
    private Words() {}

    static String worker(Priced worker) {
        return "worker " + worker.worker();
    }

    static String time(Duration duration) {
        return time(duration.toNanos() / 1e9);
    }

    /// Three digits at most: `0.4 ms`, `12 ms`, `1.25 s`.
    static String time(double seconds) {
        double millis = seconds * 1e3;
        if (millis < 9.95) {
            return text("%.1f ms", millis);
        }
        return millis < 999.5 ? text("%.0f ms", millis) : text("%.2f s", seconds);
    }

    /// `1 request`, `1,200 requests`.
    static String count(long count, String what) {
        return text("%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation is in a library we do not ship
    static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    static String capitalized(String sentence) {
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
