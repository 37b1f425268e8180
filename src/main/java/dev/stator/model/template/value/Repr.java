package dev.stator.model.template.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Iterator;

/// How Python spells values.
public final class Repr {
    private static final int FIXED_EXPONENT_MIN = -4;
    private static final int FIXED_EXPONENT_MAX = 16;

    private Repr() {}

    /// The shortest decimal that reads back as `value`, written as Python writes it.
    public static String ofDouble(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal decimal = shortest(Math.abs(value));
        String digits = decimal.unscaledValue().toString();
        int exponent = digits.length() - 1 - decimal.scale();
        var out = new StringBuilder(value < 0 ? "-" : "");
        if (exponent < FIXED_EXPONENT_MIN || exponent >= FIXED_EXPONENT_MAX) {
            out.append(digits.charAt(0));
            if (digits.length() > 1) {
                out.append('.').append(digits, 1, digits.length());
            }
            return appendExponent(out, exponent).toString();
        }
        out.append(decimal.toPlainString());
        return decimal.scale() > 0 ? out.toString() : out.append(".0").toString();
    }

    /// Java never shows fewer than two digits, which differs for the very smallest values.
    private static BigDecimal shortest(double value) {
        var decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        BigDecimal oneDigit = decimal.round(new MathContext(1));
        return oneDigit.doubleValue() == value ? oneDigit : decimal;
    }

    /// Appends `e+05` and the like: a sign and at least two digits.
    public static StringBuilder appendExponent(StringBuilder out, int exponent) {
        out.append('e').append(exponent < 0 ? '-' : '+');
        if (Math.abs(exponent) < 10) {
            out.append('0');
        }
        return out.append(Math.abs(exponent));
    }

    /// Appends a string literal: single quotes unless only they occur inside.
    public static void appendQuoted(StringBuilder out, String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            appendEscaped(out, c, quote);
        }
        out.append(quote);
    }

    /// Appends `items` between brackets.
    static void appendItems(
            StringBuilder out, String open, Iterator<? extends Value> items, String close) {
        out.append(open);
        while (items.hasNext()) {
            items.next().appendRepr(out);
            if (items.hasNext()) {
                out.append(", ");
            }
        }
        out.append(close);
    }

    private static void appendEscaped(StringBuilder out, int c, char quote) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\\' -> out.append("\\\\");
            default -> {
                if (c == quote) {
                    out.append('\\').append(quote);
                } else if (CodePoints.isPrintable(c)) {
                    out.appendCodePoint(c);
                } else if (c < 0x100) {
                    out.append("\\x%02x".formatted(c));
                } else {
                    out.append((c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c));
                }
            }
        }
    }
}
