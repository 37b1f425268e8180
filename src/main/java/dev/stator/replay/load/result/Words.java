package dev.stator.replay.load.result;

import java.util.Locale;

/// Numbers as people read them, the same in every country.
final class Words {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private Words() {}

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String millis(long nanos) {
        return millis((double) nanos);
    }

    /// Three significant digits below 1,000.
    static String millis(double nanos) {
        double millis = nanos / NANOS_PER_MILLI;
        String format = millis < 10 ? "%.2f" : millis < 100 ? "%.1f" : "%,.0f";
        return String.format(Locale.ROOT, format, millis);
    }

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / NANOS_PER_SECOND);
    }

    static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond < 100 ? "%.1f" : "%,.0f", perSecond);
    }

    static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
    }
}
