package dev.stator.openai.protocol;

import java.math.BigInteger;

/// One header field with a value; complaints name it.
record HeaderField(String name, String value) {
    private static final int DIGITS_MAX = 20;
    private static final int SHOWN_CHARS_MAX = 60;

    /// A whole number in `[min, max]`.
    long integer(long min, long max) {
        BigInteger whole = whole();
        if (whole.bitLength() >= Long.SIZE
                || whole.longValueExact() < min
                || whole.longValueExact() > max) {
            throw invalid("must be in [" + min + ", " + max + "]");
        }
        return whole.longValueExact();
    }

    /// A whole number in `[0, 2^64)`, as the bits of a `long`.
    long unsignedLong() {
        BigInteger whole = whole();
        if (whole.signum() < 0 || whole.bitLength() > Long.SIZE) {
            throw invalid("must be an unsigned 64-bit number");
        }
        return whole.longValue();
    }

    /// A text of at most `charsMax` characters.
    String text(int charsMax) {
        if (value.length() > charsMax) {
            throw invalid("must have at most " + charsMax + " characters");
        }
        return value;
    }

    private BigInteger whole() {
        if (!value.matches("-?[0-9]{1," + DIGITS_MAX + "}")) {
            throw invalid("must be a whole number");
        }
        return new BigInteger(value);
    }

    private InvalidRequest invalid(String rule) {
        String shown =
                value.length() <= SHOWN_CHARS_MAX
                        ? value
                        : value.substring(0, SHOWN_CHARS_MAX) + "…";
        return new InvalidRequest(
                "the header '%s' %s: \"%s\"".formatted(name, rule, shown), name, "");
    }
}
