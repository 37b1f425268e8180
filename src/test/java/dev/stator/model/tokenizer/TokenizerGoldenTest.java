package dev.stator.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.JsonField;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.util.List;

class TokenizerGoldenTest {

    @ParameterizedTest
    @FieldSource("dev.stator.model.tokenizer.Golden#KINDS")
    void encodesAsTheReference(String kind) {
        Tokenizer tokenizer = Golden.tokenizer(kind);
        List<String> texts = Golden.texts();
        List<JsonField> expected = Golden.expected(kind).get("encoded").items();

        assertThat(texts).hasSameSizeAs(expected).hasSizeGreaterThan(150);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(tokenizer.encode(texts.get(i), false))
                    .as("text %d: %s", i, texts.get(i))
                    .isEqualTo(Golden.ids(expected.get(i)));
        }
    }

    @ParameterizedTest
    @FieldSource("dev.stator.model.tokenizer.Golden#KINDS")
    void framesTextAsTheReference(String kind) {
        assertThat(Golden.tokenizer(kind).encode("Hello", true))
                .isEqualTo(Golden.ids(Golden.expected(kind).get("framed")));
    }

    @ParameterizedTest
    @FieldSource("dev.stator.model.tokenizer.Golden#KINDS")
    void decodesAsTheReference(String kind) {
        Tokenizer tokenizer = Golden.tokenizer(kind);
        for (JsonField decoded : Golden.expected(kind).get("decoded").items()) {
            TokenIds ids = Golden.ids(decoded.get("ids"));
            assertThat(tokenizer.decode(ids, false))
                    .as("ids %s", ids)
                    .isEqualTo(decoded.get("text").string());
            assertThat(tokenizer.decode(ids, true))
                    .as("ids %s without special tokens", ids)
                    .isEqualTo(decoded.get("withoutSpecial").string());
        }
    }
}
