package dev.stator.launch.engines;

import dev.stator.model.ChatTemplates;
import dev.stator.model.GenerationDefaults;
import dev.stator.model.ModelFolderException;
import dev.stator.model.ModelReference;
import dev.stator.model.TokenizerConfig;
import dev.stator.model.card.ModelFiles;
import dev.stator.model.template.ChatTemplate;
import dev.stator.model.tokenizer.Tokenizer;
import dev.stator.model.tokenizer.Tokenizers;
import dev.stator.openai.prompt.ChatPrompts;
import dev.stator.openai.prompt.PromptTemplate;

import java.nio.file.Files;
import java.nio.file.Path;

/// Everything that turns conversations into a model's token ids and back, whoever runs the model:
/// no weights, and no architecture that our own engine must know.
///
/// @param thinks whether it may begin its output with `<think>`
public record ChatModel(
        ModelReference reference,
        GenerationDefaults defaults,
        Tokenizer tokenizer,
        PromptTemplate prompts,
        boolean thinks) {
    private static final String THINK = "<think>";

    /// Throws `ModelFolderException`, also when the model has no chat template.
    public static ChatModel open(ModelReference reference) {
        Path folder = reference.tokenizerFolder();
        if (!Files.isDirectory(folder)) {
            throw new ModelFolderException(folder, "there is no such folder");
        }
        TokenizerConfig config = TokenizerConfig.open(folder);
        Tokenizer tokenizer = Tokenizers.from(folder);
        ChatTemplates templates =
                config.chatTemplates()
                        .orElseThrow(
                                () ->
                                        new ModelFolderException(
                                                folder,
                                                "has no chat template in tokenizer_config.json"
                                                        + " or chat_template.jinja"));
        return new ChatModel(
                reference,
                GenerationDefaults.open(folder, Integer.MAX_VALUE),
                tokenizer,
                new ChatPrompts(
                        compile(templates, false),
                        compile(templates, true),
                        config.specialTokens()),
                tokenizer.id(THINK).isPresent());
    }

    /// The files by which others can open the same model. Reads them.
    public ModelFiles files() {
        return ModelFiles.in(reference.text(), reference.tokenizerFolder());
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
