package dev.stator.frontend;

import dev.stator.engine.Engine;
import dev.stator.model.GenerationDefaults;
import dev.stator.model.tokenizer.Tokenizer;
import dev.stator.openai.prompt.PromptTemplate;
import dev.stator.openai.response.ModelEntry;

/// A model clients may ask for.
///
/// @param name what clients call it
/// @param createdSeconds when it was put up, since 1970
/// @param thinks whether it may begin its output with `<think>`
public record ServedModel(
        String name,
        long createdSeconds,
        Engine engine,
        Tokenizer tokenizer,
        PromptTemplate template,
        GenerationDefaults defaults,
        boolean thinks) {

    ModelEntry entry() {
        return new ModelEntry(name, createdSeconds, engine.info().contextLengthTokens());
    }
}
