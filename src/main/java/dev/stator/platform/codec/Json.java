package dev.stator.platform.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonBoolean;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Parses JSON text to a tree and writes a tree as text.
///
/// Strict RFC 8259: duplicate members, trailing text, comments and `NaN` are refused.
public final class Json {
    private static final Map<JsonLimits, JsonFactory> FACTORIES = new ConcurrentHashMap<>();

    private Json() {}

    /// Parses UTF-8 bytes. Throws `JsonException` when they are not UTF-8, not JSON or too much.
    public static JsonValue parse(byte[] utf8, JsonLimits limits) {
        try {
            return parse(UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)), limits);
        } catch (CharacterCodingException e) {
            throw new JsonException("the document is not valid UTF-8");
        }
    }

    /// Parses text. Throws `JsonException` when it is not JSON or exceeds a limit.
    public static JsonValue parse(String text, JsonLimits limits) {
        return parse(CharBuffer.wrap(text.toCharArray()), limits);
    }

    /// @param text with an array, out of which a long string is then cut in one piece
    private static JsonValue parse(CharBuffer text, JsonLimits limits) {
        JsonFactory factory = FACTORIES.computeIfAbsent(limits, Json::factory);
        try (JsonParser parser =
                factory.createParser(
                        ObjectReadContext.empty(),
                        text.array(),
                        text.arrayOffset(),
                        text.length())) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new JsonException("the document is empty");
            }
            JsonValue value = read(parser, first);
            if (parser.nextToken() != null) {
                throw new JsonException("text follows the document" + position(parser));
            }
            return value;
        } catch (JacksonException e) {
            throw new JsonException(e.getOriginalMessage() + position(e));
        }
    }

    /// Writes compact JSON, non-ASCII characters as they are.
    public static String write(JsonValue value) {
        var out = new StringBuilder();
        JsonText.append(out, value);
        return out.toString();
    }

    private static JsonFactory factory(JsonLimits limits) {
        return JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxNestingDepth(limits.depthMax())
                                .maxDocumentLength(limits.documentCharsMax())
                                .maxStringLength(limits.stringCharsMax())
                                .maxNameLength(limits.stringCharsMax())
                                .maxNumberLength(limits.numberCharsMax())
                                .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
    }

    /// Recursion is bounded by `JsonLimits.depthMax`.
    private static JsonValue read(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> readArray(parser);
            case VALUE_STRING -> new JsonString(parser.getString());
            case VALUE_NUMBER_INT -> readInteger(parser);
            case VALUE_NUMBER_FLOAT -> JsonNumber.of(parser.getString());
            case VALUE_TRUE -> JsonBoolean.TRUE;
            case VALUE_FALSE -> JsonBoolean.FALSE;
            case VALUE_NULL -> JsonNull.NULL;
            default -> throw new JsonException("unexpected " + token + position(parser));
        };
    }

    /// A zero may have been written as `-0`.
    private static JsonNumber readInteger(JsonParser parser) {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        || parser.getLongValue() == 0
                ? JsonNumber.of(parser.getString())
                : JsonNumber.of(parser.getLongValue());
    }

    private static JsonObject readObject(JsonParser parser) {
        var members = new SmallObject.Collector(0);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            members.put(name, read(parser, parser.nextToken()));
        }
        return new JsonObject(members.members());
    }

    private static JsonArray readArray(JsonParser parser) {
        var items = new PackedNumbers.Collector(0, 0);
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            items.add(read(parser, token));
        }
        return items.array();
    }

    private static String position(JsonParser parser) {
        return position(
                parser.currentLocation().getLineNr(), parser.currentLocation().getColumnNr());
    }

    private static String position(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : position(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    }

    private static String position(int line, int column) {
        return " (line " + line + ", column " + column + ")";
    }
}
