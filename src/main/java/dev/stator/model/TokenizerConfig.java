package dev.stator.model;

import dev.stator.platform.codec.JsonField;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the chat side needs from `tokenizer_config.json` and `chat_template.jinja`.
///
/// @param specialTokens texts by the names templates use, `bos_token`, `eos_token` and the like;
///     only those the folder defines
/// @param chatTemplates empty for base models
public record TokenizerConfig(
        Map<String, String> specialTokens, Optional<ChatTemplates> chatTemplates) {
    private static final List<String> SPECIAL_TOKENS =
            List.of(
                    "bos_token",
                    "eos_token",
                    "pad_token",
                    "unk_token",
                    "sep_token",
                    "cls_token",
                    "mask_token");

    public TokenizerConfig {
        specialTokens = Map.copyOf(specialTokens);
    }

    /// Reads what a folder has of both; a folder may have neither. Throws `ModelFolderException`.
    public static TokenizerConfig open(Path folder) {
        Path file = folder.resolve("tokenizer_config.json");
        Path jinja = folder.resolve("chat_template.jinja");
        TokenizerConfig config =
                FolderFiles.exists(file)
                        ? FolderFiles.json(file, document -> read(file, document))
                        : new TokenizerConfig(Map.of(), Optional.empty());
        return FolderFiles.exists(jinja)
                ? config.withTemplate(ChatTemplates.single(jinja, FolderFiles.text(jinja)))
                : config;
    }

    private TokenizerConfig withTemplate(ChatTemplates templates) {
        return new TokenizerConfig(specialTokens, Optional.of(templates));
    }

    private static TokenizerConfig read(Path file, JsonField document) {
        Map<String, String> specialTokens = new HashMap<>();
        for (String name : SPECIAL_TOKENS) {
            document.get(name).optional().ifPresent(t -> specialTokens.put(name, tokenText(t)));
        }
        return new TokenizerConfig(
                specialTokens,
                document.get("chat_template").optional().map(t -> templates(file, t)));
    }

    private static String tokenText(JsonField token) {
        return token.isObject() ? token.get("content").string() : token.string();
    }

    private static ChatTemplates templates(Path file, JsonField field) {
        if (field.isString()) {
            return ChatTemplates.single(file, field.string());
        }
        Map<String, String> byName = new HashMap<>();
        for (JsonField named : field.items()) {
            byName.put(named.get("name").string(), named.get("template").string());
        }
        return new ChatTemplates(file, byName);
    }
}
