package dev.stator.platform.codec;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/// One JSON value. Objects keep the order of their members.
public sealed interface JsonValue {

    /// An object; iteration follows the document's order.
    record JsonObject(Map<String, JsonValue> members) implements JsonValue {
        public static final JsonObject EMPTY = new JsonObject(Map.of());

        /// Copies `members`.
        public JsonObject {
            members = SmallObject.copyOf(members);
        }
    }

    /// An array.
    record JsonArray(List<JsonValue> items) implements JsonValue {
        public JsonArray {
            items = items instanceof PackedNumbers ? items : List.copyOf(items);
        }
    }

    /// A string.
    record JsonString(String value) implements JsonValue {}

    /// A number, as its literal says, so that 64-bit unsigned and long decimals survive.
    ///
    /// Whole numbers are kept as a `long` and have no literal until they are asked for it: prompts
    /// and cache events are long arrays of them.
    final class JsonNumber implements JsonValue {
        private static final String UNSIGNED_MAX = Long.toUnsignedString(-1);

        /// Every whole number with fewer characters fits a `long`.
        private static final int LONG_CHARS = 19;

        private final Form form;
        private final long whole; // 0 where there is but the literal
        private @Nullable String literal; // made when asked for; threads may make it twice

        private enum Form {
            SIGNED,
            UNSIGNED,
            LITERAL
        }

        private JsonNumber(Form form, long whole, @Nullable String literal) {
            this.form = form;
            this.whole = whole;
            this.literal = literal;
        }

        /// A number as JSON writes it.
        public static JsonNumber of(String literal) {
            return isPlainLong(literal)
                    ? new JsonNumber(Form.SIGNED, Long.parseLong(literal), literal)
                    : new JsonNumber(Form.LITERAL, 0, literal);
        }

        /// Whether `literal` is what a `long` is written as; not `-0`, for one.
        private static boolean isPlainLong(String literal) {
            int start = literal.startsWith("-") ? 1 : 0;
            return literal.equals("0")
                    || (literal.length() < LONG_CHARS
                            && literal.length() > start
                            && literal.charAt(start) != '0'
                            && literal.chars().skip(start).allMatch(it -> it >= '0' && it <= '9'));
        }

        public static JsonNumber of(long value) {
            return new JsonNumber(Form.SIGNED, value, null);
        }

        public static JsonNumber ofUnsigned(long value) {
            return new JsonNumber(value < 0 ? Form.UNSIGNED : Form.SIGNED, value, null);
        }

        /// Throws `IllegalArgumentException` on NaN and infinities, which JSON cannot express.
        public static JsonNumber of(double value) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("JSON has no such number: " + value);
            }
            return new JsonNumber(Form.LITERAL, 0, Double.toString(value));
        }

        public String literal() {
            String known = literal;
            if (known == null) {
                known = form == Form.UNSIGNED ? Long.toUnsignedString(whole) : Long.toString(whole);
                literal = known;
            }
            return known;
        }

        /// Whether the literal is a whole number written without fraction and exponent.
        public boolean isInteger() {
            return form != Form.LITERAL || isInteger(literal());
        }

        private static boolean isInteger(String literal) {
            return literal.indexOf('.') < 0 && literal.indexOf('e') < 0 && literal.indexOf('E') < 0;
        }

        /// Whether it is known to be a whole number in `[-2^63, 2^63)`, which `longValue` then is.
        boolean isLong() {
            return form == Form.SIGNED;
        }

        /// The number, or the bits of it when it is an unsigned one.
        long longValue() {
            return form == Form.LITERAL ? Long.parseUnsignedLong(literal()) : whole;
        }

        /// Whether the literal is a whole number in `[0, 2^64)`.
        public boolean isUnsignedLong() {
            return switch (form) {
                case SIGNED -> whole >= 0;
                case UNSIGNED -> true;
                case LITERAL -> isUnsignedLong(literal());
            };
        }

        private static boolean isUnsignedLong(String literal) {
            int digits = literal.length();
            return isInteger(literal)
                    && literal.charAt(0) != '-'
                    && (digits < UNSIGNED_MAX.length()
                            || (digits == UNSIGNED_MAX.length()
                                    && literal.compareTo(UNSIGNED_MAX) <= 0));
        }

        public double doubleValue() {
            return form == Form.SIGNED ? whole : Double.parseDouble(literal());
        }

        /// The exact value of an integer literal.
        public BigInteger bigInteger() {
            return form == Form.SIGNED ? BigInteger.valueOf(whole) : new BigInteger(literal());
        }

        /// Numbers are equal when their literals are: `1` is not `1.0`.
        @Override
        public boolean equals(Object other) {
            return other instanceof JsonNumber that
                    && ((form == Form.SIGNED && that.form == Form.SIGNED)
                            ? whole == that.whole
                            : literal().equals(that.literal()));
        }

        @Override
        public int hashCode() {
            return literal().hashCode();
        }

        @Override
        public String toString() {
            return literal();
        }
    }

    /// `true` or `false`.
    enum JsonBoolean implements JsonValue {
        TRUE,
        FALSE;

        public static JsonBoolean of(boolean value) {
            return value ? TRUE : FALSE;
        }

        public boolean value() {
            return this == TRUE;
        }
    }

    /// `null`.
    enum JsonNull implements JsonValue {
        NULL
    }
}
