package dev.stator.model.card;

import dev.stator.model.ModelReference;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// The small files of a model that a frontend needs: tokenizer, chat template, configuration. They
/// stand in a card under the names of Dynamo's `ModelDeploymentCard`.
///
/// @param source the folder, or the name the worker was given
public record ModelFiles(String source, Map<Role, CheckedFile> files) {
    private static final String SOURCE = "source_path";
    private static final String OLDER_TEMPLATE = "hf_chat_template_jinja";

    public ModelFiles {
        files = Map.copyOf(files);
    }

    /// What a file is for, the member of the card that names it and its place in a folder.
    public enum Role {
        CONFIG("model_info", "hf_config_json", "config.json"),
        TOKENIZER("tokenizer", "hf_tokenizer_json", "tokenizer.json"),
        TOKENIZER_CONFIG("prompt_formatter", "hf_tokenizer_config_json", "tokenizer_config.json"),
        CHAT_TEMPLATE("chat_template_file", "hf_chat_template", "chat_template.jinja"),
        GENERATION_CONFIG("gen_config", "hf_generation_config_json", "generation_config.json");

        private final String member;
        private final String variant;
        private final String fileName;

        Role(String member, String variant, String fileName) {
            this.member = member;
            this.variant = variant;
            this.fileName = fileName;
        }
    }

    /// Those of a folder that are there. Throws `ModelFolderException` when one cannot be read.
    public static ModelFiles in(String source, Path folder) {
        Map<Role, CheckedFile> files = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            Path file = folder.toAbsolutePath().normalize().resolve(role.fileName);
            if (Files.isRegularFile(file)) {
                files.put(role, CheckedFile.of(file));
            }
        }
        return new ModelFiles(source, files);
    }

    /// The files a card names; empty when it names none.
    public static Optional<ModelFiles> read(JsonField card) {
        Map<Role, CheckedFile> files = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            JsonField variant = variant(role, card.get(role.member));
            if (variant.isPresent()) {
                files.put(role, CheckedFile.read(unwrap(role, variant)));
            }
        }
        JsonField source = card.get(SOURCE);
        return files.isEmpty()
                ? Optional.empty()
                : Optional.of(new ModelFiles(source.isPresent() ? source.string() : "", files));
    }

    public void writeTo(JsonObjectBuilder card) {
        card.put(SOURCE, source);
        for (Role role : Role.values()) {
            CheckedFile file = files.get(role);
            if (file != null) {
                card.put(
                        role.member,
                        new JsonObjectBuilder()
                                .put(role.variant, wrap(role, file.toJson()))
                                .build());
            }
        }
    }

    /// The model on this machine: where the worker has it, or else `fallback`.
    ///
    /// Throws `ModelFolderException` when it is another model than the worker's.
    public ModelReference locate(Optional<ModelReference> fallback) {
        if (fallback.isPresent()) {
            if (fallback.get() instanceof ModelReference.Folder(Path path)) {
                requireSame(path);
            }
            return fallback.get();
        }
        CheckedFile config = files.get(Role.CONFIG);
        if (config == null || !Files.isRegularFile(config.path())) {
            return ModelReference.parse(source);
        }
        Path folder = config.path().resolveSibling(".").normalize();
        requireSame(folder);
        return new ModelReference.Folder(folder);
    }

    private void requireSame(Path folder) {
        files.forEach((role, file) -> file.requireSame(folder.resolve(role.fileName)));
    }

    /// What the member says, not present when that is nothing we use.
    private static JsonField variant(Role role, JsonField member) {
        if (!member.isPresent()) {
            return member;
        }
        boolean isOlder = role == Role.CHAT_TEMPLATE && member.get(OLDER_TEMPLATE).isPresent();
        return member.get(isOlder ? OLDER_TEMPLATE : role.variant);
    }

    private static JsonField unwrap(Role role, JsonField json) {
        return role == Role.CHAT_TEMPLATE ? json.get("file") : json;
    }

    private static JsonObject wrap(Role role, JsonObject file) {
        return role == Role.CHAT_TEMPLATE
                ? new JsonObjectBuilder().put("is_custom", false).put("file", file).build()
                : file;
    }
}
