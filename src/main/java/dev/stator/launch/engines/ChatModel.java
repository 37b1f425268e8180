package dev.stator.launch.engines;

import dev.stator.model.ChatTemplates;
import dev.stator.model.LoadedModel;
import dev.stator.model.ModelFolderException;
import dev.stator.model.ModelReference;
import dev.stator.model.card.ModelFiles;
import dev.stator.model.template.ChatTemplate;
import dev.stator.model.tokenizer.Tokenizer;
import dev.stator.model.tokenizer.Tokenizers;
import dev.stator.openai.prompt.ChatPrompts;
import dev.stator.openai.prompt.PromptTemplate;

import java.util.Optional;

/// A model's description with everything that turns conversations into token ids and back.
public record ChatModel(
        LoadedModel model, Tokenizer tokenizer, PromptTemplate prompts, boolean thinks) {
    private static final String THINK = "<think>";

    /// Throws `ModelFolderException`, also when the model has no chat template.
    public static ChatModel open(ModelReference reference) {
        LoadedModel model = LoadedModel.open(reference);
        Tokenizer tokenizer = Tokenizers.from(model.tokenizerFolder());
        ChatTemplates templates =
                model.tokenizer()
                        .chatTemplates()
                        .orElseThrow(
                                () ->
                                        new ModelFolderException(
                                                model.tokenizerFolder(),
                                                "has no chat template in tokenizer_config.json"
                                                        + " or chat_template.jinja"));
        ChatTemplate plain = compile(templates, false);
        ChatTemplate withTools = compile(templates, true);
        return new ChatModel(
                model,
                tokenizer,
                new ChatPrompts(plain, withTools, model.tokenizer().specialTokens()),
                tokenizer.id(THINK).isPresent());
    }

    /// The files by which others can open the same model. Reads them.
    public Optional<ModelFiles> files() {
        return Optional.of(ModelFiles.in(model.name(), model.tokenizerFolder()));
    }

    private static ChatTemplate compile(ChatTemplates templates, boolean withTools) {
        String source =
                templates
                        .source(withTools)
                        .orElseThrow(
                                () ->
                                        new ModelFolderException(
                                                templates.file(),
                                                "has no chat template named default"));
        return ChatTemplate.compile(source, templates.file().toString());
    }
}
