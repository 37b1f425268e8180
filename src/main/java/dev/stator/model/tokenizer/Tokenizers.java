package dev.stator.model.tokenizer;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Reads the tokenizer of a model folder.
public final class Tokenizers {
    /// The file of a model folder that this reads.
    public static final String FILE_NAME = "tokenizer.json";

    private static final Logger log = LoggerFactory.getLogger(Tokenizers.class);

    private Tokenizers() {}

    /// The tokenizer that `folder/tokenizer.json` describes: the Java one when it supports all that
    /// the file asks for, the native Hugging Face library otherwise. Throws `TokenizerException`
    /// when the file is missing or broken.
    public static Tokenizer from(Path folder) {
        Path path = folder.resolve(FILE_NAME);
        try {
            return read(path, Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            throw new TokenizerException("no such file: " + path, e);
        } catch (IOException | JsonException | JsonFieldException e) {
            throw new TokenizerException(path + ": " + e.getMessage(), e);
        }
    }

    private static Tokenizer read(Path path, byte[] json) throws IOException {
        var file = new TokenizerFile(JsonField.root(Json.parse(json, JsonLimits.FILE)));
        var bpe = new BpeFile(file);
        Optional<BpeTokenizer> tokenizer = bpe.read();
        if (tokenizer.isPresent()) {
            log.info("{}: byte-level BPE in Java", path);
            return tokenizer.get();
        }
        log.info("{}: native library, because {}", path, String.join("; ", bpe.obstacles()));
        return DjlTokenizer.read(json, file);
    }
}
