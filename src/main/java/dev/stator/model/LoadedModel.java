package dev.stator.model;

/// What an engine can know of a model without touching its weights.
///
/// @param name what it is called when the user gives no other name
/// @param usableVocabulary ids at and above it have logits but no text, and must not be sampled
public record LoadedModel(
        String name, ModelConfig config, int usableVocabulary, WeightSource weights) {

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
                name, folder.config(), folder.config().vocabularySize(), folder.weights());
    }

    /// The random model speaks the language of `voice`, whose vocabulary it limits itself to.
    static LoadedModel random(ModelReference.Random random, ModelFolder voice) {
        ModelConfig config = RandomShapes.named(random.shape()).orElseThrow();
        return new LoadedModel(
                random.name(),
                config,
                Math.min(voice.config().vocabularySize(), config.vocabularySize()),
                new WeightSource.Drawn(random.seed()));
    }
}
