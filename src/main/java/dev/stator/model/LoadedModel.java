package dev.stator.model;

import java.nio.file.Path;

/// All that can be known of a model without touching its weights.
///
/// @param name what it is called when the user gives no other name
/// @param tokenizerFolder holds `tokenizer.json` and its companions
/// @param usableVocabulary ids at and above it have logits but no text, and must not be sampled
public record LoadedModel(
        String name,
        ModelConfig config,
        GenerationDefaults generation,
        TokenizerConfig tokenizer,
        Path tokenizerFolder,
        int usableVocabulary,
        WeightSource weights) {

    /// Throws `ModelFolderException`.
    public static LoadedModel open(ModelReference reference) {
        return switch (reference) {
            case ModelReference.Folder folder -> of(folder.name(), ModelFolder.open(folder.path()));
            case ModelReference.Demo demo -> of(demo.name(), ModelFolder.open(DemoFolder.locate()));
            case ModelReference.Random random ->
                    random(random, ModelFolder.open(DemoFolder.locate()));
        };
    }

    private static LoadedModel of(String name, ModelFolder folder) {
        return new LoadedModel(
                name,
                folder.config(),
                folder.generation(),
                folder.tokenizer(),
                folder.path(),
                folder.config().vocabularySize(),
                folder.weights());
    }

    /// The random model speaks the language of `voice`, whose vocabulary it limits itself to.
    static LoadedModel random(ModelReference.Random random, ModelFolder voice) {
        ModelConfig config = RandomShapes.named(random.shape()).orElseThrow();
        return new LoadedModel(
                random.name(),
                config,
                voice.generation(),
                voice.tokenizer(),
                voice.path(),
                Math.min(voice.config().vocabularySize(), config.vocabularySize()),
                new WeightSource.Drawn(random.seed()));
    }
}
