package dev.stator.model.tokenizer;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.tokens.TokenIds;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The small tokenizers and what the Hugging Face library makes of texts, as recorded by
/// `tools/golden/tokenizer/record.py`.
final class Golden {
    /// One tokenizer of each kind that `BpeTokenizer` reads.
    static final List<String> KINDS =
            List.of("gpt2", "llama3", "qwen2", "qwen35", "o200k", "deepseek", "smollm");

    /// One of each kind that is left to the native library.
    static final List<String> NATIVE_KINDS = List.of("sentencepiece", "wordpiece");

    private Golden() {}

    static Path folder(String kind) {
        try {
            return Path.of(
                    Golden.class.getResource("/dev/stator/golden/tokenizer/" + kind).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static BpeTokenizer tokenizer(String kind) {
        return (BpeTokenizer) Tokenizers.from(folder(kind));
    }

    /// What the kinds of `KINDS` are to encode.
    static List<String> texts() {
        return texts("all");
    }

    /// What the kinds of `NATIVE_KINDS` are to encode.
    static List<String> plainTexts() {
        return texts("plain");
    }

    private static List<String> texts(String list) {
        return read(folder("texts.json")).get(list).items().stream()
                .map(JsonField::string)
                .toList();
    }

    static JsonField expected(String kind) {
        return read(folder(kind).resolve("expected.json"));
    }

    static TokenIds ids(JsonField field) {
        return TokenIds.of(
                field.items().stream().mapToInt(id -> id.integer(0, Integer.MAX_VALUE)).toArray());
    }

    static byte[] bytes(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonField read(Path path) {
        return JsonField.root(Json.parse(bytes(path), JsonLimits.FILE));
    }
}
