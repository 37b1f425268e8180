package dev.stator.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stator.model.template.TemplateException.Kind;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonString;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Templates that ask for too much get an answer, soon.
class TemplateLimitsTest {
    private static final int STACK_BYTES = 512 << 10;

    /// The limits in use, but for less patience.
    private static final TemplateLimits SMALL =
            new TemplateLimits(
                    TemplateLimits.DEFAULT.sourceCharsMax(),
                    500_000,
                    4 << 20,
                    TemplateLimits.DEFAULT.heightMax());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
                "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
                "{% for a in range(9999) %}{% set x = range(50000)|map('string')|list %}{% endfor"
                        + " %}",
                "{% for a in range(9999) %}{% set x = range(50000)|sort(reverse=true) %}{% endfor"
                        + " %}",
                "{% for a in range(9999) %}{% set x = range(50000)|list == range(50000)|list %}{%"
                        + " endfor %}",
                "{% set t = 'x' * 3000000 %}{% for a in range(50000) %}{% set x = t|upper %}{%"
                        + " endfor %}",
                "{% set t = 'a' * 3000000 %}{% for a in range(50000) %}{{ (t ~ 'b') in t }}{%"
                        + " endfor %}",
                "{% set t = 'a' * 100000 %}{{ t.replace('a', 'b' * 100000) }}",
                "{% set t = 'a' * 1000000 %}{{ t.count('a' * 500000 ~ 'b') }}",
            })
    void workThatNeverEndsIsCutOff(String source) {
        assertThat(refused(source).kind()).isEqualTo(Kind.LIMIT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% set n = namespace(s='ab') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{%"
                        + " endfor %}",
                "{% set n = namespace(s='ab') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{%"
                        + " endfor %}",
                "{% set n = namespace(s='ab') %}{% for i in range(99) %}{% set n.s = n.s * 9 %}{%"
                        + " endfor %}",
                "{% set n = namespace(s='a') %}{% for i in range(99) %}{% set n.s ="
                        + " n.s|replace('a', 'aa') %}{% endfor %}",
                "{% set n = namespace(s='a') %}{% for i in range(99) %}{% set n.s = n.s.join('abc')"
                        + " %}{% endfor %}",
                "{% set n = namespace(s='a') %}{% for i in range(99) %}{% set n.s = '%s%s' % (n.s,"
                        + " n.s) %}{% endfor %}",
                "{% set n = namespace(s='a') %}{% for i in range(99) %}{% set n.s ="
                        + " '{0}{0}'.format(n.s) %}{% endfor %}",
                "{% set n = namespace(s='a') %}{% for i in range(99) %}{% set n.s %}{{ n.s }}{{ n.s"
                        + " }}{% endset %}{% endfor %}",
                "{% set n = namespace(s=[1]) %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{%"
                        + " endfor %}",
                "{% set n = namespace(s=[1]) %}{% for i in range(60) %}{% set n.s = [n.s, n.s] %}{%"
                        + " endfor %}{{ n.s }}",
                "{% set n = namespace(s=[1]) %}{% for i in range(60) %}{% set n.s = [n.s, n.s] %}{%"
                        + " endfor %}{{ n.s|tojson }}",
                "{% set n = namespace(s=(1, 2)) %}{% for i in range(60) %}{% set n.s = (n.s, n.s)"
                        + " %}{% endfor %}{{ {n.s: 1} }}",
                "{% set n = namespace(s=[1], t=[1]) %}{% for i in range(60) %}{% set n.s = [n.s,"
                        + " n.s] %}{% set n.t = [n.t, n.t] %}{% endfor %}{{ n.s == n.t }}",
                "{% set n = namespace(s=[1], t=[1]) %}{% for i in range(60) %}{% set n.s = [n.s,"
                        + " n.s] %}{% set n.t = [n.t, n.t] %}{% endfor %}{{ n.s < n.t }}",
                "{% set n = namespace(s=[1]) %}{% for i in range(999) %}{% set n.s = [n.s] %}{%"
                        + " endfor %}",
                "{% set n = namespace(s={}) %}{% for i in range(999) %}{% set n.s = {'a': n.s} %}{%"
                        + " endfor %}",
                "{% set n = namespace(s=9) %}{% for i in range(99) %}{% set n.s = n.s * n.s %}{%"
                        + " endfor %}",
                "{{ 10 ** (10 ** 10) }}",
                "{{ 'x' * 10 ** 30 }}",
                "{{ [0] * 10 ** 12 }}",
                "{{ '%999999999d' % 1 }}",
                "{{ '%.999999999f' % 1 }}",
                "{{ '{:999999999}'.format(1) }}",
                "{{ 'x'.center(10 ** 12) }}",
                "{{ 'x'.zfill(10 ** 12) }}",
                "{{ '\\t'.expandtabs(10 ** 12) }}",
                "{{ 'a\\nb'|indent(10 ** 12) }}",
                "{{ [1]|tojson(indent=10 ** 12) }}",
                "{{ [1]|batch(10 ** 12, 0)|list }}",
                "{{ [1]|slice(10 ** 12)|list }}",
                "{{ range(10 ** 12) }}",
                "{{ ''.join(range(100000)|map('string')|map('center', 100)) }}",
            })
    void growthIsCutOff(String source) {
        assertThat(refused(source).kind()).isEqualTo(Kind.LIMIT);
    }

    @Test
    void macrosThatCallThemselvesAreCutOffOnASmallStack() throws InterruptedException {
        List<String> sources =
                List.of(
                        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                        "{% macro m() %}{% for i in [1] %}{{ [1, (2, m())] }}{% endfor %}{%"
                                + " endmacro %}{{ m() }}",
                        "{% macro m(a=m()) %}{% endmacro %}{{ m() }}",
                        "{% macro a() %}{% call b() %}{{ a() }}{% endcall %}{% endmacro %}"
                                + "{% macro b() %}{{ caller() }}{% endmacro %}{{ a() }}",
                        "{% macro m() %}{% set x | upper %}{% filter trim %}{% with %}{% if 1 %}{{"
                                + " m() }}{% endif %}{% endwith %}{% endfilter %}{% endset %}{%"
                                + " endmacro %}{{ m() }}",
                        "{% macro m() %}{{ "
                                + "(1 + ".repeat(50)
                                + "m()"
                                + ")".repeat(50)
                                + " }}{% endmacro %}{{ m() }}",
                        "{{ 'ab'|map(*(['map'] * 5000))|list }}");
        for (String source : sources) {
            assertThat(onSmallStack(() -> refused(source).kind())).as(source).isEqualTo(Kind.LIMIT);
        }
    }

    @Test
    void nestingIsCutOffOnASmallStack() throws InterruptedException {
        List<String> sources =
                List.of(
                        "{{ " + "(".repeat(9_999) + "1" + ")".repeat(9_999) + " }}",
                        "{{ " + "[".repeat(9_999) + "]".repeat(9_999) + " }}",
                        "{{ " + "{1: ".repeat(9_999) + "1" + "}".repeat(9_999) + " }}",
                        "{{ " + "a(".repeat(9_999) + ")".repeat(9_999) + " }}",
                        "{{ " + "a[".repeat(9_999) + "1" + "]".repeat(9_999) + " }}",
                        "{{ " + "not ".repeat(9_999) + "1 }}",
                        "{{ " + "-".repeat(9_999) + " 1 }}",
                        "{{ 1" + " + 1".repeat(9_999) + " }}",
                        "{{ 1" + "|abs".repeat(9_999) + " }}",
                        "{{ a" + ".a".repeat(9_999) + " }}",
                        "{{ 1" + " or 1".repeat(9_999) + " }}",
                        "{{ 1" + " if 1 else 1".repeat(9_999) + " }}",
                        "{{ 1" + " if 1".repeat(9_999) + " }}",
                        "{{ 1" + " is odd is odd".repeat(9_999) + " }}",
                        "{% if 1 %}".repeat(9_999) + "{% endif %}".repeat(9_999),
                        "{% for a in b %}".repeat(9_999) + "{% endfor %}".repeat(9_999),
                        "{% set x %}".repeat(9_999) + "{% endset %}".repeat(9_999),
                        "{% set " + "(".repeat(9_999) + "a" + ")".repeat(9_999) + " = 1 %}");
        for (String source : sources) {
            assertThat(onSmallStack(() -> refused(source).kind()))
                    .as(source.substring(0, 20))
                    .isEqualTo(Kind.SYNTAX);
        }
    }

    @Test
    void theDeepestTreeAllowedFitsASmallStack() throws InterruptedException {
        String brackets = "(1 + ".repeat(40) + "1" + ")".repeat(40);
        String source =
                "{% macro m(n) %}{% if n > 0 %}{{ (m(n - 1)|length + "
                        + brackets
                        + ") ~ '' }}{% endif %}{% endmacro %}"
                        + "{% if 1 %}".repeat(40)
                        + "{{ m(20) }}"
                        + "{% endif %}".repeat(40);

        assertThat(onSmallStack(() -> Golden.compile(source, "deep").render(Map.of())))
                .isEqualTo("43");
    }

    @Test
    void aMegabyteOfTemplateCompilesAndMoreIsRefused() {
        String line = "{% if messages %}{{ messages[0] ~ 'x' }} text{% endif %}\n";
        String megabyte = line.repeat((1 << 20) / line.length());
        Map<String, JsonValue> variables =
                Map.of("messages", new JsonArray(List.of(new JsonString("m"))));

        assertThat(Golden.compile(megabyte, "long").render(variables))
                .hasSize("mx text".length() * ((1 << 20) / line.length()));
        assertThat(refused("x".repeat((1 << 20) + 1)).kind()).isEqualTo(Kind.LIMIT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% raw %}",
                "{{ '",
                "{# ",
                "{{ ((((",
                "{{ 1_",
                "{%if",
                "{{ {",
                "{% set a%}",
                "{{a|",
                "{{ a is ",
                "{% for x in y %}",
                "{%%}",
                "{{}}",
                "{{ [1,",
                "{{ f(a=1,",
                "{% macro m(",
                "{{ \"\\",
                "{{ 0x",
                "{% {% ",
            })
    void halfTemplatesRepeatedToAMegabyteAreRefused(String fragment) {
        String source = fragment.repeat((1 << 20) / fragment.length());

        assertThat(refused(source).kind()).isEqualTo(Kind.SYNTAX);
    }

    @Test
    void aVariableDeeperThanAnyConversationIsRefused() {
        JsonValue deep = new JsonString("x");
        for (int i = 0; i < 2_000; i++) {
            deep = new JsonArray(List.of(deep));
        }
        Map<String, JsonValue> variables = Map.of("deep", deep);

        assertThat(
                        catchThrowableOfType(
                                        TemplateException.class,
                                        () -> Golden.compile("x", "deep").render(variables))
                                .kind())
                .isEqualTo(Kind.LIMIT);
    }

    @Test
    void tooManyVariablesAreRefused() {
        var source = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            source.append("{% set v").append(i).append(" = 1 %}");
        }

        assertThat(refused(source.toString()).kind()).isEqualTo(Kind.LIMIT);
    }

    private static TemplateException refused(String source) {
        return catchThrowableOfType(
                TemplateException.class,
                () -> ChatTemplate.compile(source, "greedy", SMALL, Golden.CLOCK).render(Map.of()));
    }

    private static <T> T onSmallStack(Supplier<T> work) throws InterruptedException {
        var outcome = new Object[1];
        var thread =
                new Thread(
                        null,
                        () -> {
                            try {
                                outcome[0] = work.get();
                            } catch (StackOverflowError e) {
                                outcome[0] = e;
                            }
                        },
                        "small-stack",
                        STACK_BYTES);
        thread.start();
        thread.join();
        @SuppressWarnings("unchecked")
        T result = (T) outcome[0];
        return result;
    }
}
