package dev.stator.launch.policy;

import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.Yaml;
import dev.stator.platform.codec.YamlDocument;
import dev.stator.routing.admission.policy.PolicyProfile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Dynamo's router policy file: YAML with the classes of requests of all models, of single ones, or
/// both, and with what workers are selected by. A model's own profile replaces the common one as a
/// whole.
///
/// @param common for models without a profile of their own
/// @param models by the models' names
/// @param selection for all models
public record PolicyFile(
        Optional<PolicyProfile> common,
        Map<String, PolicyProfile> models,
        Optional<WorkerSelection> selection) {
    private static final String FLAG = "router-policy-config ";
    private static final String MODELS = "models";
    private static final String SELECTION = "worker_selection";

    public PolicyFile {
        models = Map.copyOf(models);
    }

    /// Throws `IllegalArgumentException` that names file, line, field and value.
    public static PolicyFile read(Path file) {
        YamlDocument document = parse(file);
        try {
            return read(JsonField.root(document.value()));
        } catch (JsonFieldException e) {
            throw new IllegalArgumentException(
                    FLAG + file + ":" + document.line(e.path()) + ": " + e.getMessage());
        }
    }

    /// Throws `JsonFieldException` that names the field.
    static PolicyFile read(JsonField root) {
        Fields.refusePlugins(root);
        Fields.requireKnown(root, Set.of(MODELS, SELECTION), ProfileReader.NAMES);
        Map<String, PolicyProfile> models = new HashMap<>();
        root.get(MODELS)
                .optional()
                .ifPresent(it -> it.members().forEach((name, at) -> models.put(name, own(at))));
        boolean hasCommon = ProfileReader.NAMES.stream().anyMatch(it -> root.get(it).isPresent());
        JsonField selection = root.get(SELECTION);
        if (!hasCommon && models.isEmpty() && !selection.isPresent()) {
            throw new JsonFieldException(
                    "", "must have policy_classes, models with them, or worker_selection");
        }
        return new PolicyFile(
                hasCommon ? Optional.of(new ProfileReader(root).read()) : Optional.empty(),
                models,
                SelectionReader.read(selection));
    }

    private static PolicyProfile own(JsonField model) {
        Fields.requireKnown(model, Set.of(), ProfileReader.NAMES);
        return new ProfileReader(model).read();
    }

    private static YamlDocument parse(Path file) {
        try {
            return Yaml.parse(Files.readString(file), JsonLimits.CONFIGURATION);
        } catch (IOException e) {
            String problem = Files.exists(file) ? ": cannot be read: " + e : ": no such file";
            throw new IllegalArgumentException(FLAG + file + problem, e);
        } catch (JsonException e) {
            throw new IllegalArgumentException(FLAG + file + ": " + e.getMessage(), e);
        }
    }
}
