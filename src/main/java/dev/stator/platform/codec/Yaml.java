package dev.stator.platform.codec;

import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonBoolean;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Parses one YAML document to a tree.
///
/// A plain word is a number, `true`, `false` or `null` when JSON has it so, and text otherwise:
/// `yes`, `010` and `~` are text. Aliases, tags, duplicate members and further documents are
/// refused, so that the size of the tree is bounded by the size of the text.
public final class Yaml {
    private final YAMLParser parser;
    private final Map<String, Integer> lines = new HashMap<>();

    private Yaml(YAMLParser parser) {
        this.parser = parser;
    }

    /// Throws `JsonException` that names the line when the text is not such a document or exceeds
    /// a limit.
    public static YamlDocument parse(String text, JsonLimits limits) {
        if (text.length() > limits.documentCharsMax()) {
            throw new JsonException(
                    "the document has %d characters, at most %d are read"
                            .formatted(text.length(), limits.documentCharsMax()));
        }
        try (var parser =
                (YAMLParser) factory(limits).createParser(ObjectReadContext.empty(), text)) {
            return new Yaml(parser).document();
        } catch (JacksonException e) {
            throw new JsonException(problem(e));
        }
    }

    private static YAMLFactory factory(JsonLimits limits) {
        return YAMLFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxNestingDepth(limits.depthMax())
                                .maxStringLength(limits.stringCharsMax())
                                .maxNameLength(limits.stringCharsMax())
                                .maxNumberLength(limits.numberCharsMax())
                                .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
    }

    private YamlDocument document() {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new JsonException("the document is empty");
        }
        lines.put("", line());
        JsonValue value = read(first, "");
        if (parser.nextToken() != null) {
            throw refused("a second document");
        }
        return new YamlDocument(value, lines);
    }

    /// Recursion is bounded by `JsonLimits.depthMax`.
    private JsonValue read(JsonToken token, String path) {
        if (parser.isCurrentAlias()) {
            throw refused("the alias *" + parser.getString());
        }
        if (parser.getRawTag() != null) {
            throw refused("the tag " + parser.getRawTag());
        }
        return switch (token) {
            case START_OBJECT -> readObject(path);
            case START_ARRAY -> readArray(path);
            case VALUE_STRING -> new JsonString(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getString());
            case VALUE_TRUE -> JsonBoolean.TRUE;
            case VALUE_FALSE -> JsonBoolean.FALSE;
            case VALUE_NULL -> JsonNull.NULL;
            default -> throw refused(token.toString());
        };
    }

    private JsonObject readObject(String path) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String at = path.isEmpty() ? name : path + "." + name;
            lines.put(at, line());
            members.put(name, read(parser.nextToken(), at));
        }
        return new JsonObject(members);
    }

    private JsonArray readArray(String path) {
        List<JsonValue> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            String at = path + "[" + items.size() + "]";
            lines.put(at, line());
            items.add(read(token, at));
        }
        return new JsonArray(items);
    }

    /// The infinities that YAML calls numbers and JSON does not are text.
    private static JsonValue number(String literal) {
        return literal.startsWith(".") || literal.startsWith("-.")
                ? new JsonString(literal)
                : JsonNumber.of(literal);
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    private JsonException refused(String what) {
        return new JsonException(what + " is not supported (line " + line() + ")");
    }

    /// The sentences of a complaint that may also quote the text and point into it.
    private static String problem(JacksonException e) {
        String sentences =
                e.getOriginalMessage()
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith(" "))
                        .collect(Collectors.joining(", "));
        return e.getLocation() == null
                ? sentences
                : sentences + " (line " + e.getLocation().getLineNr() + ")";
    }
}
