package dev.stator.platform.codec;

import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonBoolean;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A place in a document together with its path, so that every complaint names the field.
///
/// An absent member and an explicit `null` are the same here: not present. Each accessor throws
/// `JsonFieldException` when the field is not present or not of its type.
public final class JsonField {
    private static final int SHOWN_CHARS_MAX = 60;

    private final @Nullable JsonField parent; // null for the document
    private final String name; // within an object, else empty
    private final int index; // within an array
    private final JsonValue value;

    private JsonField(@Nullable JsonField parent, String name, int index, JsonValue value) {
        this.parent = parent;
        this.name = name;
        this.index = index;
        this.value = value;
    }

    /// The whole document.
    public static JsonField root(JsonValue document) {
        return new JsonField(null, "", 0, document);
    }

    /// Where this field is, as in `messages[0].content`; empty for the document. Put together only
    /// when it is asked for, because most fields are never complained about.
    public String path() {
        if (parent == null) {
            return "";
        }
        String outer = parent.path();
        if (parent.isArray()) {
            return outer + "[" + index + "]";
        }
        return outer.isEmpty() ? name : outer + "." + name;
    }

    /// The value, `JsonNull` when absent.
    public JsonValue value() {
        return value;
    }

    public boolean isPresent() {
        return value != JsonNull.NULL;
    }

    public boolean isString() {
        return value instanceof JsonString;
    }

    public boolean isObject() {
        return value instanceof JsonObject;
    }

    public boolean isArray() {
        return value instanceof JsonArray;
    }

    /// The member of this object by that name; not present when it has none.
    public JsonField get(String member) {
        return child(member, object().members().getOrDefault(member, JsonNull.NULL));
    }

    /// The member by that name, an object without members when it is not present.
    public JsonField objectOrEmpty(String member) {
        JsonField found = get(member);
        return found.isPresent() ? found : root(JsonObject.EMPTY);
    }

    /// This field when it is present.
    public Optional<JsonField> optional() {
        return isPresent() ? Optional.of(this) : Optional.empty();
    }

    public JsonObject object() {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw invalid("must be an object");
    }

    public String string() {
        if (value instanceof JsonString(var text)) {
            return text;
        }
        throw invalid("must be a string");
    }

    public boolean bool() {
        if (value instanceof JsonBoolean truth) {
            return truth.value();
        }
        throw invalid("must be true or false");
    }

    /// A number that a `double` can hold; overflow to infinity is refused.
    public double number() {
        if (!(value instanceof JsonNumber number)) {
            throw invalid("must be a number");
        }
        double decimal = number.doubleValue();
        if (!Double.isFinite(decimal)) {
            throw invalid("is too large a number");
        }
        return decimal;
    }

    /// A whole number in `[min, max]`; `1.0` counts as whole, as it does for most clients.
    public long integer(long min, long max) {
        if (value instanceof JsonNumber number && number.isLong()) {
            return inRange(number.longValue(), min, max);
        }
        BigInteger whole = whole();
        if (whole.bitLength() >= Long.SIZE) {
            throw outOf(min, max);
        }
        return inRange(whole.longValueExact(), min, max);
    }

    /// A whole number in `[min, max]`.
    public int integer(int min, int max) {
        return Math.toIntExact(integer((long) min, (long) max));
    }

    /// A whole number in `[min, max]`, `otherwise` when the field is not present.
    public long integerOr(long otherwise, long min, long max) {
        return isPresent() ? integer(min, max) : otherwise;
    }

    /// A whole number in `[min, max]`, `otherwise` when the field is not present.
    public int integerOr(int otherwise, int min, int max) {
        return isPresent() ? integer(min, max) : otherwise;
    }

    /// A whole number in `[0, 2^64)`, as the bits of a `long`.
    public long unsignedLong() {
        if (value instanceof JsonNumber number && number.isUnsignedLong()) {
            return number.longValue();
        }
        BigInteger whole = whole();
        if (whole.signum() < 0 || whole.bitLength() > 64) {
            throw invalid("must be an unsigned 64-bit number");
        }
        return whole.longValue();
    }

    public List<JsonField> items() {
        List<JsonValue> items = array();
        List<JsonField> fields = new ArrayList<>(items.size());
        for (JsonValue item : items) {
            fields.add(new JsonField(this, "", fields.size(), item));
        }
        return fields;
    }

    /// The whole numbers in `[min, max]` of this array, which is what long ones are read by.
    public int[] integers(int min, int max) {
        List<JsonValue> items = array();
        return items instanceof PackedNumbers packed
                ? packed.within(min, max).orElseGet(() -> integers(items, min, max))
                : integers(items, min, max);
    }

    private int[] integers(List<JsonValue> items, int min, int max) {
        int[] numbers = new int[items.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = item(items, i).integer(min, max);
        }
        return numbers;
    }

    /// The whole numbers in `[0, 2^64)` of this array, as the bits of each.
    public long[] unsignedLongs() {
        List<JsonValue> items = array();
        long[] numbers = new long[items.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] =
                    items instanceof PackedNumbers packed
                                    && (packed.isUnsigned() || packed.bits(i) >= 0)
                            ? packed.bits(i)
                            : item(items, i).unsignedLong();
        }
        return numbers;
    }

    /// The members of this object in their order.
    public Map<String, JsonField> members() {
        Map<String, JsonField> fields = new LinkedHashMap<>();
        object().members().forEach((key, member) -> fields.put(key, child(key, member)));
        return fields;
    }

    /// The complaint `problem` about this field, with its value appended; for the caller to throw.
    public JsonFieldException invalid(String problem) {
        return new JsonFieldException(
                path(), isPresent() ? problem + ": " + shown() : problem + ", but is missing");
    }

    private BigInteger whole() {
        if (!(value instanceof JsonNumber number)) {
            throw invalid("must be a whole number");
        }
        if (number.isInteger()) {
            return number.bigInteger();
        }
        double decimal = number.doubleValue();
        if (decimal != Math.rint(decimal) || Math.abs(decimal) >= 0x1p53) {
            throw invalid("must be a whole number");
        }
        return BigInteger.valueOf((long) decimal);
    }

    private long inRange(long whole, long min, long max) {
        if (whole < min || whole > max) {
            throw outOf(min, max);
        }
        return whole;
    }

    private JsonFieldException outOf(long min, long max) {
        return invalid("must be in [" + min + ", " + max + "]");
    }

    private List<JsonValue> array() {
        if (value instanceof JsonArray(var items)) {
            return items;
        }
        throw invalid("must be an array");
    }

    private JsonField item(List<JsonValue> items, int index) {
        return new JsonField(this, "", index, items.get(index));
    }

    private JsonField child(String member, JsonValue of) {
        return new JsonField(this, member, 0, of);
    }

    private String shown() {
        String text = Json.write(value);
        return text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX) + "…";
    }
}
