package dev.stator.frontend;

import dev.stator.engine.Engine;
import dev.stator.model.GenerationDefaults;
import dev.stator.model.tokenizer.Tokenizer;
import dev.stator.openai.prompt.PromptTemplate;
import dev.stator.openai.response.ModelEntry;

import java.util.Optional;

/// A model clients may ask for.
///
/// @param name what clients call it
/// @param createdSeconds when it was put up, since 1970
/// @param thinks whether it may begin its output with `<think>`
/// @param base the model that it adapts; empty for a model that is whole by itself
public record ServedModel(
        String name,
        long createdSeconds,
        Engine engine,
        Tokenizer tokenizer,
        PromptTemplate template,
        GenerationDefaults defaults,
        boolean thinks,
        Optional<String> base) {

    /// A model that is whole by itself.
    public ServedModel(
            String name,
            long createdSeconds,
            Engine engine,
            Tokenizer tokenizer,
            PromptTemplate template,
            GenerationDefaults defaults,
            boolean thinks) {
        this(name, createdSeconds, engine, tokenizer, template, defaults, thinks, Optional.empty());
    }

    /// The same model with an adapter.
    public ServedModel adapted(String adapter) {
        return new ServedModel(
                adapter,
                createdSeconds,
                engine,
                tokenizer,
                template,
                defaults,
                thinks,
                Optional.of(name));
    }

    /// The adapter that its engine is to use; empty for none.
    String adapter() {
        return base.isPresent() ? name : "";
    }

    ModelEntry entry() {
        return new ModelEntry(name, createdSeconds, engine.info().contextLengthTokens(), base);
    }
}
