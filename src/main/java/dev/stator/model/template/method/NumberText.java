package dev.stator.model.template.method;

import dev.stator.model.template.value.Repr;
import dev.stator.model.template.value.TemplateFault;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Floats in the notations `f`, `e` and `g`, rounded from the exact binary value.
public final class NumberText {
    private static final int PRECISION_MAX = 1_000;

    private NumberText() {}

    /// The absolute value of `value` in the notation `type`, one of `fFeEgG`.
    public static String of(double value, char type, int precision, boolean isAlternate) {
        if (precision > PRECISION_MAX) {
            throw TemplateFault.limit("precision " + precision + " exceeds " + PRECISION_MAX);
        }
        String text = lower(Math.abs(value), Character.toLowerCase(type), precision, isAlternate);
        return Character.isUpperCase(type) ? TextCase.upper(text) : text;
    }

    private static String lower(double value, char type, int precision, boolean isAlternate) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : "inf";
        }
        return switch (type) {
            case 'f' -> fixed(value, precision);
            case 'e' -> scientific(value, precision);
            default -> general(value, Math.max(1, precision), isAlternate);
        };
    }

    private static String fixed(double value, int precision) {
        return new BigDecimal(value).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static String scientific(double value, int precision) {
        BigDecimal rounded = rounded(value, precision + 1);
        var out = new StringBuilder(rounded.unscaledValue().toString());
        int exponent = value == 0 ? 0 : rounded.precision() - 1 - rounded.scale();
        out.repeat('0', Math.max(0, precision + 1 - out.length()));
        if (precision > 0) {
            out.insert(1, '.');
        }
        return Repr.appendExponent(out, exponent).toString();
    }

    private static String general(double value, int precision, boolean isAlternate) {
        BigDecimal rounded = rounded(value, precision);
        int exponent = value == 0 ? 0 : rounded.precision() - 1 - rounded.scale();
        boolean isFixed = exponent >= -4 && exponent < precision;
        String text =
                isFixed ? fixed(value, precision - 1 - exponent) : scientific(value, precision - 1);
        return isAlternate ? text : withoutTrailingZeros(text);
    }

    private static BigDecimal rounded(double value, int digits) {
        return new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    }

    private static String withoutTrailingZeros(String text) {
        int mantissa = text.indexOf('e') < 0 ? text.length() : text.indexOf('e');
        if (text.lastIndexOf('.', mantissa) < 0) {
            return text;
        }
        int end = mantissa;
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        if (text.charAt(end - 1) == '.') {
            end--;
        }
        return text.substring(0, end) + text.substring(mantissa);
    }
}
