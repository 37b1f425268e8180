package dev.stator.replay.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// Text as HTML and SVG take it.
final class Markup {
    private Markup() {}

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /// A coordinate, to a tenth of a pixel.
    static String at(double coordinate) {
        String text = String.format(Locale.ROOT, "%.1f", coordinate);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /// A number with three digits that count, or all before the point.
    static String number(double value) {
        if (Math.abs(value) >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return new BigDecimal(value).round(new MathContext(3)).toPlainString();
    }

    /// The same for a mark on an axis, without noughts behind the point.
    static String mark(double value) {
        String text = number(value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    /// Elements that look the same in every series have the class `s0` to `s7`.
    static String series(int index) {
        return "s" + index % 8;
    }
}
