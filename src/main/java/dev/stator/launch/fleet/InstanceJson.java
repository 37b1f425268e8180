package dev.stator.launch.fleet;

import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.runtime.discovery.Instance;

/// An instance as Dynamo's `/health` shows it.
final class InstanceJson {
    private InstanceJson() {}

    static JsonObject write(Instance instance) {
        return new JsonObjectBuilder()
                .put("component", instance.endpoint().component())
                .put("endpoint", instance.endpoint().endpoint())
                .put("namespace", instance.endpoint().namespace())
                .putUnsigned("instance_id", instance.instanceId())
                .put(
                        "transport",
                        new JsonObjectBuilder()
                                .put(instance.transport().kind(), instance.transport().address())
                                .build())
                .build();
    }
}
