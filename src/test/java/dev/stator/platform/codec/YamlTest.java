package dev.stator.platform.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {

    @Test
    void aDocumentIsTheSameTreeAsItsJson() {
        String text =
                """
                # a comment
                name: "a b"
                list:
                  - 1
                  - [x, 2.50, true]
                block: |
                  two
                  lines
                flow: {empty: "", absent: , none: null}
                """;

        assertThat(Json.write(parse(text).value()))
                .isEqualTo(
                        """
                        {"name":"a b","list":[1,["x",2.50,true]],"block":"two\\nlines\\n",\
                        "flow":{"empty":"","absent":null,"none":null}}\
                        """);
    }

    @ParameterizedTest
    @CsvSource({
        "yes, '\"yes\"'",
        "True, '\"True\"'",
        "~, '\"~\"'",
        "010, '\"010\"'",
        "0x1F, '\"0x1F\"'",
        "1_000, '\"1_000\"'",
        ".inf, '\".inf\"'",
        "-.inf, '\"-.inf\"'",
        ".nan, '\".nan\"'",
        "1e3, 1e3",
        "-7, -7",
        "18446744073709551615, 18446744073709551615",
        "4222:4222, '\"4222:4222\"'",
        "a${b}, '\"a${b}\"'"
    })
    void aPlainWordIsWhatItIsInJsonOrText(String word, String json) {
        String tree = Json.write(parse("a: " + word).value());

        assertThat(tree).isEqualTo("{\"a\":" + json + "}");
        assertThat(Json.parse(tree, JsonLimits.CONFIGURATION)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    'a: 1\na: 2'           | Duplicate Object property "a" (line 2)
                    'a: 1\n\tb: 2'         | TAB
                    'a: [1, 2'             | expected ',' or ']'
                    'x: 1\na: b: c'        | mapping values are not allowed here (line 2)
                    'a: &x 1\nb: *x'       | the alias *x is not supported (line 2)
                    'a: 1\nb: !!java.io.File x' | is not supported (line 2)
                    'a: 1\n---\nb: 2'      | a second document is not supported
                    '? [a]\n: 1'           | (line 1)
                    ''                     | the document is empty
                    '# nothing'            | the document is empty
                    """)
    void whatIsRefusedIsNamedWithItsLine(String text, String complaint) {
        assertThatThrownBy(() -> parse(text.translateEscapes()))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining(complaint)
                .hasMessageNotContaining("\n");
    }

    @Test
    void limitsAreKept() {
        assertThatThrownBy(() -> parse("[".repeat(33) + "]".repeat(33)))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("depth");
        assertThatThrownBy(() -> parse("a: " + "x".repeat(70_000)))
                .isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> parse("# " + "x".repeat(1 << 20)))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("at most 1048576");
    }

    @Test
    void theLineOfAFieldOrOfTheNearestAroundItIsKnown() {
        YamlDocument document = parse("a: 1\nb:\n  c:\n    - x\n    - d: 2\n");

        assertThat(document.line("a")).isEqualTo(1);
        assertThat(document.line("b.c")).isEqualTo(3);
        assertThat(document.line("b.c[1].d")).isEqualTo(5);
        assertThat(document.line("b.c[0].missing.more")).isEqualTo(4);
        assertThat(document.line("b.missing")).isEqualTo(2);
        assertThat(document.line("missing")).isEqualTo(1);
    }

    private static YamlDocument parse(String text) {
        return Yaml.parse(text, JsonLimits.CONFIGURATION);
    }
}
