package dev.stator.engine.wire;

import dev.stator.engine.GenerationRequest;
import dev.stator.kv.cache.KvAnswer;
import dev.stator.kv.cache.KvQuery;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.events.Subject;
import dev.stator.runtime.events.Topic;
import dev.stator.runtime.requests.Endpoint;

/// The endpoints and topics of the workers of one namespace, by Dynamo's names.
public record WorkerProtocol(String namespace, String component) {

    /// The component under which workers are found unless configured otherwise.
    public static final String BACKEND = "backend";

    public static WorkerProtocol in(String namespace) {
        return new WorkerProtocol(namespace, BACKEND);
    }

    /// Runs a prompt.
    public Endpoint<GenerationRequest, GenerationItem> generate() {
        return new Endpoint<>(
                new EndpointId(namespace, component, "generate"),
                GenerationRequest.class,
                GenerationItem.class);
    }

    /// Asks a worker for the truth about its cache; the answer is one item.
    public Endpoint<KvQuery, KvAnswer> kvQuery() {
        return new Endpoint<>(
                new EndpointId(namespace, component, "worker_kv_indexer_query"),
                KvQuery.class,
                KvAnswer.class);
    }

    /// What the caches of the workers store and drop.
    public Topic<WorkerKvEvent> kvEvents() {
        return new Topic<>(new Subject(namespace, component, "kv-events"), WorkerKvEvent.class);
    }
}
