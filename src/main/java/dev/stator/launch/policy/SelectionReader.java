package dev.stator.launch.policy;

import dev.stator.platform.codec.JsonField;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads Dynamo's `worker_selection`: named instances of selection policies, and which one is used.
/// The types of policies are our cost models. Throws `JsonFieldException` that names the field.
final class SelectionReader {
    private static final String AGGREGATED = "aggregated";
    private static final String INSTANCES = "instances";
    private static final Set<String> STAGES = Set.of("prefill", "decode", "encode");

    private static final String NAME = "name";
    private static final String TYPE = "type";
    private static final String PARAMETERS = "parameters";
    private static final Set<String> INSTANCE_NAMES = Set.of(NAME, TYPE, PARAMETERS);

    /// The name that stands for what the flags say.
    private static final String DEFAULT = "default";

    private static final Set<String> TYPES = Set.of("time", "blocks", "lmetric");
    private static final Set<String> PARAMETER_NAMES =
            Set.of(
                    WorkerSelection.CREDIT,
                    WorkerSelection.CREDIT_DECAY,
                    WorkerSelection.HOST_WEIGHT,
                    WorkerSelection.DISK_WEIGHT,
                    WorkerSelection.SCALE,
                    WorkerSelection.REQUEST_WEIGHT,
                    WorkerSelection.TEMPERATURE);

    private SelectionReader() {}

    /// Empty for what the flags say.
    static Optional<WorkerSelection> read(JsonField selection) {
        if (!selection.isPresent()) {
            return Optional.empty();
        }
        Fields.requireKnown(selection, Set.of(AGGREGATED, INSTANCES), STAGES);
        STAGES.forEach(it -> requireDefault(selection.get(it)));
        Map<String, WorkerSelection> instances = instances(selection.get(INSTANCES));
        return selection
                .get(AGGREGATED)
                .optional()
                .filter(it -> !it.string().equals(DEFAULT))
                .map(it -> named(it, instances));
    }

    private static void requireDefault(JsonField stage) {
        if (stage.isPresent() && !stage.string().equals(DEFAULT)) {
            throw stage.invalid(
                    "must be default, as workers are not divided into stages here; aggregated is"
                            + " what selects for all of them");
        }
    }

    private static Map<String, WorkerSelection> instances(JsonField field) {
        Map<String, WorkerSelection> instances = new HashMap<>();
        for (JsonField each : field.optional().map(JsonField::items).orElse(List.of())) {
            Fields.requireKnown(each, INSTANCE_NAMES, Set.of());
            JsonField name = each.get(NAME);
            if (name.string().equals(DEFAULT)) {
                throw name.invalid("stands for what the flags say and cannot be an instance");
            }
            if (instances.put(name.string(), instance(each)) != null) {
                throw name.invalid("is there twice");
            }
        }
        return instances;
    }

    private static WorkerSelection instance(JsonField instance) {
        JsonField type = instance.get(TYPE);
        if (!TYPES.contains(type.string())) {
            throw type.invalid("must be one of time, blocks, lmetric");
        }
        JsonField parameters = instance.objectOrEmpty(PARAMETERS);
        Fields.requireKnown(parameters, PARAMETER_NAMES, Set.of());
        Map<String, Double> figures = new HashMap<>();
        parameters
                .members()
                .forEach(
                        (name, figure) ->
                                Fields.decimal(figure, false)
                                        .ifPresent(it -> figures.put(name, it)));
        return new WorkerSelection(type.string(), figures);
    }

    private static WorkerSelection named(JsonField field, Map<String, WorkerSelection> instances) {
        WorkerSelection selected = instances.get(field.string());
        if (selected == null) {
            throw field.invalid("must be default or the name of an instance");
        }
        return selected;
    }
}
