package dev.stator.model.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonBoolean;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Broken templates and absurd conversations end in text or a `TemplateException`, never otherwise.
class TemplateFuzzTest {
    private static final int TEMPLATES_PER_SEED = 60;
    private static final int MUTATIONS_MAX = 6;
    private static final TemplateLimits LIMITS =
            new TemplateLimits(1 << 20, 20_000, 1 << 16, TemplateLimits.DEFAULT.heightMax());
    private static final List<String> MANNERS =
            List.of("qwen3-manner", "llama31-manner", "deepseek-manner", "macro-manner");
    private static final List<String> SOURCES = sources();
    private static final List<String> PIECES =
            """
            {{|}}|{%|%}|{#|#}|-|+|~|(|)|[|]|{|}|.|,|:|=|==|'|"|\\|*|**|//|%| if | else | is \
            | not | in | for | and | or |0|-1|1e9|99999999999999999999|none|true|loop|ns\
            |messages|message|x|😀|\0|\ud800|
            |{% raw %}|{% endraw %}|{% if x %}|{% endif %}|{% endfor %}|{% else %}|{% set x %}\
            |{% endset %}|{% break %}|{% macro m(a, b=1) %}|{% endmacro %}|{% call m() %}\
            |{% endcall %}|¦tojson(indent=2)|¦map('upper')|¦list|¦sort|¦join(',')|¦first|¦batch(3)\
            |¦groupby('role')|¦int|¦format(1)|.split('a')|.items()|.format(1)|[::-1]|[1:]\
            |namespace(a=1)|range(9)|dict(a=1)|cycler(1)|strftime_now('%c')|raise_exception('x')\
            | * 99999\
            """
                    .lines()
                    .flatMap(line -> Arrays.stream(line.split("[|]", -1)))
                    .map(piece -> piece.isEmpty() ? "\n" : piece.replace('¦', '|'))
                    .toList();

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void nothingButATemplateExceptionComesOutOfBrokenTemplates(long seed) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < TEMPLATES_PER_SEED; i++) {
            String source = mutated(SOURCES.get(random.nextInt(SOURCES.size())), random);
            Map<String, JsonValue> variables = variables(random);
            try {
                assertThat(
                                ChatTemplate.compile(source, "fuzz", LIMITS, Golden.CLOCK)
                                        .render(variables))
                        .isNotNull();
            } catch (TemplateException e) {
                assertThat(e.line()).as(source).isBetween(1, 1 + lines(source));
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("with " + variables + " in " + source, e);
            }
        }
    }

    private static int lines(String source) {
        return (int) source.chars().filter(c -> c == '\n' || c == '\r').count();
    }

    private static String mutated(String source, SplittableRandom random) {
        var text = new StringBuilder(source);
        for (int i = random.nextInt(MUTATIONS_MAX) + 1; i > 0; i--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, text.substring(at, end));
                case 2 -> text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
                case 3 -> text.insert(at, text.substring(random.nextInt(text.length() + 1)));
                default -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
            }
            text.setLength(Math.min(text.length(), 40_000));
        }
        return text.toString();
    }

    private static Map<String, JsonValue> variables(SplittableRandom random) {
        Map<String, JsonValue> variables = new LinkedHashMap<>();
        List<JsonValue> messages = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            messages.add(message(random));
        }
        variables.put("messages", new JsonArray(messages));
        for (String name : List.of("tools", "x", "d", "l", "s", "bos_token", "builtin_tools")) {
            if (random.nextBoolean()) {
                variables.put(name, value(random, 3));
            }
        }
        variables.put("add_generation_prompt", JsonBoolean.of(random.nextBoolean()));
        return variables;
    }

    private static JsonValue message(SplittableRandom random) {
        if (random.nextInt(10) == 0) {
            return value(random, 2);
        }
        Map<String, JsonValue> members = new LinkedHashMap<>();
        List<String> roles = List.of("system", "user", "assistant", "tool", "ipython", "");
        members.put("role", new JsonString(roles.get(random.nextInt(roles.size()))));
        members.put("content", random.nextInt(3) == 0 ? value(random, 2) : text(random));
        if (random.nextInt(3) == 0) {
            members.put("tool_calls", value(random, 3));
        }
        return new JsonObject(members);
    }

    private static JsonValue value(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> JsonNull.NULL;
            case 1 -> JsonBoolean.of(random.nextBoolean());
            case 2 -> JsonNumber.of(random.nextLong());
            case 3 -> JsonNumber.of(random.nextDouble(-1e20, 1e20));
            case 4 -> text(random);
            case 5 -> {
                List<JsonValue> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(value(random, depth - 1));
                }
                yield new JsonArray(items);
            }
            default -> {
                Map<String, JsonValue> members = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    List<String> names =
                            List.of("function", "name", "arguments", "type", "items", "get");
                    members.put(names.get(random.nextInt(names.size())), value(random, depth - 1));
                }
                yield new JsonObject(members);
            }
        };
    }

    private static JsonValue text(SplittableRandom random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return new JsonString(text.toString());
    }

    private static List<String> sources() {
        List<String> sources = new ArrayList<>();
        for (JsonField group : Golden.groups("probes.json")) {
            group.get("cases").items().forEach(probe -> sources.add(probe.get("source").string()));
        }
        for (int i = 0; i < sources.size() / 12; i++) {
            MANNERS.forEach(manner -> sources.add(Golden.text(manner + ".jinja")));
        }
        return List.copyOf(sources);
    }
}
