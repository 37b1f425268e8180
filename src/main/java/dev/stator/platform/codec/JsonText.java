package dev.stator.platform.codec;

import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonBoolean;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

/// Appends JSON to a text that is being built, for callers that splice chunks by hand.
public final class JsonText {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonText() {}

    /// Appends `value` as compact JSON.
    public static void append(StringBuilder out, JsonValue value) {
        switch (value) {
            case JsonObject(var members) -> {
                char separator = '{';
                for (var member : members.entrySet()) {
                    out.append(separator);
                    appendQuoted(out, member.getKey());
                    out.append(':');
                    append(out, member.getValue());
                    separator = ',';
                }
                out.append(members.isEmpty() ? "{}" : "}");
            }
            case JsonArray(var items) when items instanceof PackedNumbers numbers ->
                    append(out, numbers);
            case JsonArray(var items) -> {
                char separator = '[';
                for (JsonValue item : items) {
                    out.append(separator);
                    append(out, item);
                    separator = ',';
                }
                out.append(items.isEmpty() ? "[]" : "]");
            }
            case JsonString(var text) -> appendQuoted(out, text);
            case JsonNumber number when number.isLong() -> out.append(number.longValue());
            case JsonNumber number -> out.append(number.literal());
            case JsonBoolean truth -> out.append(truth.value());
            case JsonNull _ -> out.append("null");
        }
    }

    private static void append(StringBuilder out, PackedNumbers numbers) {
        out.append('[');
        for (int i = 0; i < numbers.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            if (numbers.isLong(i)) {
                out.append(numbers.bits(i));
            } else {
                out.append(Long.toUnsignedString(numbers.bits(i)));
            }
        }
        out.append(']');
    }

    /// Appends `text` between quotes, escaped; lone surrogates become U+FFFD.
    public static void appendQuoted(StringBuilder out, CharSequence text) {
        out.append('"');
        appendEscaped(out, text);
        out.append('"');
    }

    /// Appends `text` as it stands between the quotes of a JSON string.
    public static void appendEscaped(StringBuilder out, CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                appendEscape(out, c);
            } else if (!Character.isSurrogate(c)) {
                out.append(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                out.append(c).append(text.charAt(++i));
            } else {
                out.append('\uFFFD');
            }
        }
    }

    private static void appendEscape(StringBuilder out, char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
        }
    }
}
