package dev.stator.model.template.builtin;

import dev.stator.model.template.method.TextCase;
import dev.stator.model.template.value.CodePoints;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;

/// Reading whole numbers as Python's `int(text, base)` does.
final class WholeNumbers {
    private static final int DIGITS_MAX = 4_300;

    private WholeNumbers() {}

    /// The number `text` spells in `base`, absent when it spells none.
    static @Nullable BigInteger parse(String text, int base) {
        if (base != 0 && (base < 2 || base > 36)) {
            return null;
        }
        String number = TextCase.lower(CodePoints.strip(text, true, true));
        boolean isNegative = number.startsWith("-");
        String unsigned = isNegative || number.startsWith("+") ? number.substring(1) : number;
        int prefixed = prefixBase(unsigned);
        boolean isPrefixed = prefixed != 0 && (base == 0 || base == prefixed);
        String digits = isPrefixed ? unsigned.substring(2) : unsigned;
        String plain = digits.startsWith("_") && isPrefixed ? digits.substring(1) : digits;
        int radix = base != 0 ? base : isPrefixed ? prefixed : 10;
        boolean isOctalLike = base == 0 && !isPrefixed && plain.startsWith("0") && !isZero(plain);
        if (isOctalLike || !areDigits(plain, radix)) {
            return null;
        }
        BigInteger magnitude = new BigInteger(plain.replace("_", ""), radix);
        return isNegative ? magnitude.negate() : magnitude;
    }

    /// Whether every underscore stands between two digits.
    static boolean hasProperUnderscores(String digits) {
        for (int i = digits.indexOf('_'); i >= 0; i = digits.indexOf('_', i + 1)) {
            boolean isBetween =
                    i > 0
                            && i + 1 < digits.length()
                            && Character.isLetterOrDigit(digits.charAt(i - 1))
                            && Character.isLetterOrDigit(digits.charAt(i + 1));
            if (!isBetween) {
                return false;
            }
        }
        return true;
    }

    private static int prefixBase(String number) {
        if (number.startsWith("0x")) {
            return 16;
        }
        return number.startsWith("0o") ? 8 : number.startsWith("0b") ? 2 : 0;
    }

    private static boolean isZero(String digits) {
        return digits.chars().allMatch(c -> c == '0' || c == '_');
    }

    private static boolean areDigits(String digits, int radix) {
        return !digits.isEmpty()
                && digits.length() <= DIGITS_MAX
                && hasProperUnderscores(digits)
                && digits.chars().allMatch(c -> c == '_' || Character.digit(c, radix) >= 0);
    }
}
