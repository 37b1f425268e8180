package dev.stator.platform.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":[1,2.50,-3e-7,18446744073709551615],\"b\":{\"c\":null,\"d\":true}}",
                "[]",
                "{}",
                "\"\\\"\\\\\\n\\u0001é€😀\""
            })
    void writesWhatItRead(String text) {
        assertThat(Json.write(Json.parse(text, JsonLimits.REQUEST))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"a\":1,\"a\":2}",
                "[1] 2",
                "NaN",
                "[01]",
                "{'a':1}",
                "[1,]",
                "tru"
            })
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> Json.parse(text, JsonLimits.REQUEST))
                .isInstanceOf(JsonException.class);
    }

    @Test
    void refusesWhatExceedsALimit() {
        assertThatThrownBy(() -> Json.parse("[".repeat(5_000), JsonLimits.REQUEST))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("64");
        assertThatThrownBy(() -> Json.parse("9".repeat(65), JsonLimits.REQUEST))
                .isInstanceOf(JsonException.class);
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        assertThatThrownBy(() -> Json.parse(new byte[] {'"', (byte) 0xff, '"'}, JsonLimits.FILE))
                .isInstanceOf(JsonException.class)
                .hasMessage("the document is not valid UTF-8");
    }

    @Test
    void complaintsNameTheFieldAndTheValue() {
        JsonField document = root("{\"messages\":[{\"content\":5}],\"n\":-1}");

        assertThatThrownBy(() -> document.get("messages").items().get(0).get("content").string())
                .isInstanceOf(JsonFieldException.class)
                .hasMessage("'messages[0].content' must be a string: 5");
        assertThatThrownBy(() -> document.get("n").integer(1, 8))
                .hasMessage("'n' must be in [1, 8]: -1");
        assertThatThrownBy(() -> document.get("model").string())
                .hasMessage("'model' must be a string, but is missing");
    }

    @Test
    void wholeNumbersMayBeWrittenWithAFraction() {
        assertThat(root("3.0").integer(0, 9)).isEqualTo(3);
        assertThat(root("18446744073709551615").unsignedLong()).isEqualTo(-1L);
        assertThatThrownBy(() -> root("3.5").integer(0, 9))
                .hasMessage("the document must be a whole number: 3.5");
        assertThatThrownBy(() -> root("1e999").number()).hasMessageContaining("too large");
    }

    @Test
    void onlyAnAbsentNumberIsReplaced() {
        JsonField document = root("{\"n\": 9, \"none\": null}");

        assertThat(document.get("n").integerOr(1, 1, 9)).isEqualTo(9);
        assertThat(document.get("none").integerOr(1, 2, 9)).isEqualTo(1);
        assertThat(document.get("missing").integerOr(Long.MIN_VALUE, 0L, 9L))
                .isEqualTo(Long.MIN_VALUE);
        assertThatThrownBy(() -> document.get("n").integerOr(1, 1, 8))
                .hasMessage("'n' must be in [1, 8]: 9");
    }

    @Test
    void loneSurrogatesAreReplacedWhenWritten() {
        var out = new StringBuilder();
        JsonText.appendQuoted(out, "a\ud83db\ud83d\ude00");
        assertThat(out).hasToString("\"a\uFFFDb\ud83d\ude00\"");
    }

    private static JsonField root(String text) {
        return JsonField.root(Json.parse(text, JsonLimits.REQUEST));
    }
}
