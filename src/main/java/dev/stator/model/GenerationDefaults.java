package dev.stator.model;

import dev.stator.platform.codec.JsonField;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What a model's folder recommends for generation, in `generation_config.json`. Absent values are
/// not recommended; the caller has its own defaults.
///
/// @param eosTokenIds ids that end a generation; may be empty
/// @param doSample false recommends the most likely token at each step
/// @param topK 0 and -1 mean all tokens
public record GenerationDefaults(
        List<Integer> eosTokenIds,
        OptionalInt bosTokenId,
        Optional<Boolean> doSample,
        OptionalDouble temperature,
        OptionalInt topK,
        OptionalDouble topP,
        OptionalDouble minP,
        OptionalDouble repetitionPenalty) {
    private static final double TEMPERATURE_MAX = 1_000;

    public GenerationDefaults {
        eosTokenIds = List.copyOf(eosTokenIds);
    }

    /// What a folder recommends, in `generation_config.json` and else in `config.json`; the latter
    /// must be there. Throws `ModelFolderException`.
    ///
    /// @param vocabularySize token ids must be below it
    public static GenerationDefaults open(Path folder, int vocabularySize) {
        Path config = folder.resolve("config.json");
        GenerationDefaults fallback =
                FolderFiles.json(config, json -> GenerationDefaults.ofConfig(json, vocabularySize));
        Path file = folder.resolve("generation_config.json");
        return FolderFiles.exists(file)
                ? FolderFiles.json(file, json -> GenerationDefaults.read(json, vocabularySize))
                        .orTokensOf(fallback)
                : fallback;
    }

    /// Reads `generation_config.json`.
    static GenerationDefaults read(JsonField file, int vocabularySize) {
        JsonField topK = file.get("top_k");
        return new GenerationDefaults(
                tokenIds(file.get("eos_token_id"), vocabularySize),
                tokenId(file.get("bos_token_id"), vocabularySize),
                file.get("do_sample").optional().map(JsonField::bool),
                number(file.get("temperature"), TEMPERATURE_MAX),
                topK.isPresent()
                        ? OptionalInt.of(topK.integer(-1, Integer.MAX_VALUE))
                        : OptionalInt.empty(),
                number(file.get("top_p"), 1),
                number(file.get("min_p"), 1),
                number(file.get("repetition_penalty"), TEMPERATURE_MAX));
    }

    /// What `config.json` says: the first and last token and nothing else.
    static GenerationDefaults ofConfig(JsonField config, int vocabularySize) {
        return new GenerationDefaults(
                tokenIds(config.get("eos_token_id"), vocabularySize),
                tokenId(config.get("bos_token_id"), vocabularySize),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty());
    }

    /// These, with the token ids of `fallback` where this has none.
    GenerationDefaults orTokensOf(GenerationDefaults fallback) {
        return new GenerationDefaults(
                eosTokenIds.isEmpty() ? fallback.eosTokenIds : eosTokenIds,
                bosTokenId.isPresent() ? bosTokenId : fallback.bosTokenId,
                doSample,
                temperature,
                topK,
                topP,
                minP,
                repetitionPenalty);
    }

    private static List<Integer> tokenIds(JsonField field, int vocabularySize) {
        if (!field.isPresent()) {
            return List.of();
        }
        List<JsonField> ids = field.isArray() ? field.items() : List.of(field);
        return ids.stream().map(id -> id.integer(0, vocabularySize - 1)).toList();
    }

    private static OptionalInt tokenId(JsonField field, int vocabularySize) {
        return field.isPresent()
                ? OptionalInt.of(field.integer(0, vocabularySize - 1))
                : OptionalInt.empty();
    }

    private static OptionalDouble number(JsonField field, double max) {
        if (!field.isPresent()) {
            return OptionalDouble.empty();
        }
        double value = field.number();
        if (value < 0 || value > max) {
            throw field.invalid("must be in [0, " + max + "]");
        }
        return OptionalDouble.of(value);
    }
}
