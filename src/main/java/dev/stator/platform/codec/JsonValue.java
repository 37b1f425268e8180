package dev.stator.platform.codec;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One JSON value. Objects keep the order of their members.
public sealed interface JsonValue {

    /// An object; iteration follows the document's order.
    record JsonObject(Map<String, JsonValue> members) implements JsonValue {
        public static final JsonObject EMPTY = new JsonObject(Map.of());

        public JsonObject {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }
    }

    /// An array.
    record JsonArray(List<JsonValue> items) implements JsonValue {
        public JsonArray {
            items = List.copyOf(items);
        }
    }

    /// A string.
    record JsonString(String value) implements JsonValue {}

    /// A number, kept as its literal so that 64-bit unsigned and long decimals survive.
    record JsonNumber(String literal) implements JsonValue {
        private static final String UNSIGNED_MAX = Long.toUnsignedString(-1);

        public static JsonNumber of(long value) {
            return new JsonNumber(Long.toString(value));
        }

        public static JsonNumber ofUnsigned(long value) {
            return new JsonNumber(Long.toUnsignedString(value));
        }

        /// Throws `IllegalArgumentException` on NaN and infinities, which JSON cannot express.
        public static JsonNumber of(double value) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("JSON has no such number: " + value);
            }
            return new JsonNumber(Double.toString(value));
        }

        /// Whether the literal is a whole number written without fraction and exponent.
        public boolean isInteger() {
            return literal.indexOf('.') < 0 && literal.indexOf('e') < 0 && literal.indexOf('E') < 0;
        }

        /// Whether the literal is a whole number in `[0, 2^64)`.
        public boolean isUnsignedLong() {
            int digits = literal.length();
            return isInteger()
                    && literal.charAt(0) != '-'
                    && (digits < UNSIGNED_MAX.length()
                            || (digits == UNSIGNED_MAX.length()
                                    && literal.compareTo(UNSIGNED_MAX) <= 0));
        }

        public double doubleValue() {
            return Double.parseDouble(literal);
        }

        /// The exact value of an integer literal.
        public BigInteger bigInteger() {
            return new BigInteger(literal);
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
