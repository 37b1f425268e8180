package dev.stator.engine.wire;

import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue;
import dev.stator.runtime.events.EventForm;

import java.util.List;

/// KV events as Dynamo publishes them: `RouterEvent` under the endpoint's subject. Those of the
/// component, which Dynamo used up to 1.3, are listened to as well.
record DynamoKvEvents(String namespace, String component, String endpoint)
        implements EventForm<WorkerKvEvent> {
    static final String TOPIC = "kv-events";

    @Override
    public String subject(WorkerKvEvent event) {
        return scope() + ".endpoint." + endpoint + "." + TOPIC;
    }

    @Override
    public List<String> patterns() {
        return List.of(scope() + ".endpoint.*." + TOPIC, scope() + "." + TOPIC);
    }

    @Override
    public JsonValue write(WorkerKvEvent event) {
        return RouterEventJson.write(event);
    }

    @Override
    public WorkerKvEvent read(JsonField event) {
        return RouterEventJson.read(event);
    }

    private String scope() {
        return "namespace." + namespace + ".component." + component;
    }
}
