package dev.stator.model.template;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonValue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What `tools/golden/template/record.py` recorded of Python's Jinja.
final class Golden {
    /// The clock of the recording.
    static final Clock CLOCK =
            Clock.fixed(
                    LocalDateTime.of(2025, 3, 9, 5, 7, 3, 42_000).toInstant(ZoneOffset.UTC),
                    ZoneOffset.UTC);

    private static final String FOLDER = "/dev/stator/golden/template/";

    private Golden() {}

    /// The groups of cases in a recording.
    static List<JsonField> groups(String file) {
        JsonValue document = Json.parse(text(file), JsonLimits.FILE);
        return JsonField.root(document).get("groups").items();
    }

    static String text(String file) {
        try (InputStream in = Golden.class.getResourceAsStream(FOLDER + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static ChatTemplate template(String name) {
        return compile(text(name + ".jinja"), name);
    }

    static ChatTemplate compile(String source, String name) {
        return ChatTemplate.compile(source, name, TemplateLimits.DEFAULT, CLOCK);
    }

    /// The variables of a case and those of its group.
    static Map<String, JsonValue> variables(JsonField group, JsonField testCase) {
        Map<String, JsonValue> variables = new HashMap<>();
        List.of(group.get("variables"), testCase.get("variables"))
                .forEach(
                        field ->
                                field.optional()
                                        .ifPresent(
                                                given ->
                                                        variables.putAll(
                                                                given.object().members())));
        if (group.get("messages").isPresent()) {
            variables.put("messages", group.get("messages").value());
        }
        return variables;
    }

    /// What we make of a case: its output, or that we refuse it.
    static String outcome(String source, String name, Map<String, JsonValue> variables) {
        try {
            return "output: " + compile(source, name).render(variables);
        } catch (TemplateException e) {
            return "error";
        }
    }

    /// What Python made of a case, in the form of `outcome`.
    static String expected(JsonField testCase) {
        JsonField output = testCase.get("output");
        return output.isPresent() ? "output: " + output.string() : "error";
    }
}
