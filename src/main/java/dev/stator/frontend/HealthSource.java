package dev.stator.frontend;

import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.List;

/// Tells which instances stand behind the frontend. Thread-safe; returns at once.
@FunctionalInterface
public interface HealthSource {

    /// For a frontend without discovery.
    HealthSource NONE = () -> new Instances(List.of(), List.of(), List.of());

    Instances instances();

    /// @param endpoints addresses of the form `dyn://namespace.component.endpoint`, each once
    /// @param instances as discovery describes them: `component`, `endpoint`, `namespace`,
    ///     `instance_id`, `transport`
    /// @param warnings what keeps workers from being used as they could be, for the operator
    record Instances(List<String> endpoints, List<JsonObject> instances, List<String> warnings) {
        public Instances {
            endpoints = List.copyOf(endpoints);
            instances = List.copyOf(instances);
            warnings = List.copyOf(warnings);
        }

        JsonValue endpointsJson() {
            return texts(endpoints);
        }

        JsonValue warningsJson() {
            return texts(warnings);
        }

        private static JsonValue texts(List<String> texts) {
            return new JsonValue.JsonArray(
                    texts.stream().map(e -> (JsonValue) new JsonValue.JsonString(e)).toList());
        }

        JsonValue instancesJson() {
            return new JsonValue.JsonArray(List.copyOf(instances));
        }
    }
}
