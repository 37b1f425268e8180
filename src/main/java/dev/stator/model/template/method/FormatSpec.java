package dev.stator.model.template.method;

import dev.stator.model.template.value.Arithmetic;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.CodePoints;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import java.math.BigInteger;

/// How one value is laid out: what stands behind the colon in `'{:>8.2f}'.format(x)`.
///
/// @param fill the padding character
/// @param align one of `<>^=`, or 0 for the type's own side
/// @param sign one of `+- `
/// @param isAlternate whether `#` was given
/// @param width least number of columns
/// @param grouping the thousands separator, or 0
/// @param precision digits or characters, or -1
/// @param type the presentation, or 0
record FormatSpec(
        String fill,
        char align,
        char sign,
        boolean isAlternate,
        long width,
        char grouping,
        int precision,
        char type) {

    /// Reads a specification such as `*^+12,.3f`.
    static FormatSpec parse(String text) {
        var reader = new SpecReader(text);
        FormatSpec spec = reader.spec();
        if (!reader.isAtEnd()) {
            throw TemplateFault.evaluation("invalid format specifier '" + text + "'");
        }
        return spec;
    }

    /// Lays out `value`.
    String apply(Value value, Budget budget) {
        return switch (value) {
            case Num.Truth truth when isEmpty() -> truth.text();
            case Num.Real real -> ofNumber(real.value() < 0, ofReal(real.value()), budget);
            case Num number when type != 0 && "fFeEgG%".indexOf(type) >= 0 ->
                    ofNumber(number.toDouble() < 0, ofReal(number.toDouble()), budget);
            case Num number -> {
                BigInteger whole = Arithmetic.bigInteger(number);
                yield ofNumber(whole.signum() < 0, ofWhole(whole.abs()), budget);
            }
            case Text(var text, _) -> ofText(text, budget);
            default -> {
                if (!isEmpty()) {
                    throw TemplateFault.unexpected(value, "does not support a format specifier");
                }
                yield value.text();
            }
        };
    }

    private boolean isEmpty() {
        return align == 0
                && width == 0
                && precision < 0
                && type == 0
                && sign == '-'
                && grouping == 0;
    }

    private String ofText(String text, Budget budget) {
        if ((type != 0 && type != 's') || align == '=' || sign != '-' || grouping != 0) {
            throw TemplateFault.evaluation("a string does not support this format specifier");
        }
        boolean isCut = precision >= 0 && precision < CodePoints.length(text);
        String shown = isCut ? text.substring(0, CodePoints.index(text, precision)) : text;
        return aligned("", shown, align == 0 ? '<' : align, budget);
    }

    private String ofNumber(boolean isNegative, String digits, Budget budget) {
        String shownSign = isNegative ? "-" : sign == '-' ? "" : String.valueOf(sign);
        return aligned(shownSign, digits, align == 0 ? '>' : align, budget);
    }

    private String ofReal(double value) {
        if (type == '%') {
            int digits = precision < 0 ? 6 : precision;
            return NumberText.of(value * 100, 'f', digits, false) + "%";
        }
        if (type != 0 && "fFeEgG".indexOf(type) < 0) {
            throw TemplateFault.evaluation("a float has no format '" + type + "'");
        }
        if (type == 0 && precision < 0) {
            return grouped(new Num.Real(Math.abs(value)).text());
        }
        char notation = type == 0 ? 'g' : type;
        return grouped(NumberText.of(value, notation, precision < 0 ? 6 : precision, isAlternate));
    }

    private String ofWhole(BigInteger magnitude) {
        if (precision >= 0) {
            throw TemplateFault.evaluation("precision is not allowed for a whole number");
        }
        return switch (type) {
            case 0, 'd', 'n' -> grouped(magnitude.toString());
            case 'x' -> (isAlternate ? "0x" : "") + magnitude.toString(16);
            case 'X' -> (isAlternate ? "0X" : "") + TextCase.upper(magnitude.toString(16));
            case 'o' -> (isAlternate ? "0o" : "") + magnitude.toString(8);
            case 'b' -> (isAlternate ? "0b" : "") + magnitude.toString(2);
            case 'c' -> Character.toString(codePoint(magnitude));
            default ->
                    throw TemplateFault.evaluation("a whole number has no format '" + type + "'");
        };
    }

    static int codePoint(BigInteger value) {
        if (value.bitLength() > 21 || !Character.isValidCodePoint(value.intValue())) {
            throw TemplateFault.evaluation("no character has the number " + value);
        }
        return value.intValue();
    }

    private String grouped(String number) {
        if (grouping == 0) {
            return number;
        }
        int end = 0;
        while (end < number.length() && Character.isDigit(number.charAt(end))) {
            end++;
        }
        var out = new StringBuilder(number);
        for (int at = end - 3; at > 0; at -= 3) {
            out.insert(at, grouping);
        }
        return out.toString();
    }

    private String aligned(String shownSign, String text, char side, Budget budget) {
        if (side == '=') {
            return shownSign + TextMethods.pad(text, width - shownSign.length(), fill, 1, budget);
        }
        long missing = width - CodePoints.length(shownSign + text);
        if (missing <= 0) {
            return shownSign + text;
        }
        budget.build(width);
        int before = (int) (side == '<' ? 0 : side == '>' ? missing : missing / 2);
        return fill.repeat(before) + shownSign + text + fill.repeat((int) missing - before);
    }
}
