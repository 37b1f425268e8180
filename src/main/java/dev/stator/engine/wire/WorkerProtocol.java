package dev.stator.engine.wire;

import dev.stator.engine.GenerationRequest;
import dev.stator.kv.cache.KvAnswer;
import dev.stator.kv.cache.KvQuery;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.events.EventCodec;
import dev.stator.runtime.events.Subject;
import dev.stator.runtime.events.Topic;
import dev.stator.runtime.requests.Endpoint;

import java.util.List;
import java.util.OptionalInt;

/// The endpoints and topics of the workers of one namespace, by Dynamo's names.
///
/// @param endpoint runs prompts; the others go by fixed names
public record WorkerProtocol(String namespace, String component, String endpoint) {

    public WorkerProtocol {
        new EndpointId(namespace, component, endpoint); // refuses what is no name
    }

    /// The component under which workers are found unless configured otherwise.
    public static final String BACKEND = "backend";

    /// The member of a worker's record that says what it runs on, `cpu` or `cuda`.
    public static final String DEVICE_TYPE = "device_type";

    private static final String GENERATE = "generate";
    private static final String KV_QUERY = "worker_kv_indexer_query_dp"; // followed by the rank

    public static WorkerProtocol in(String namespace) {
        return new WorkerProtocol(namespace, BACKEND, GENERATE);
    }

    /// Reads `dyn://namespace.component.endpoint`, the scheme being optional.
    ///
    /// Throws `IllegalArgumentException` when it has other parts.
    public static WorkerProtocol parse(String uri) {
        String[] parts = uri.replaceFirst("^dyn://", "").split("\\.", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException(
                    "endpoint must be dyn://namespace.component.endpoint: " + uri);
        }
        return new WorkerProtocol(parts[0], parts[1], parts[2]);
    }

    /// Where prompts are run.
    public EndpointId generateId() {
        return new EndpointId(namespace, component, endpoint);
    }

    /// Runs a prompt.
    ///
    /// @param model the name that requests carry
    public Endpoint<GenerationRequest, GenerationItem> generate(String model) {
        return new Endpoint<>(
                generateId(),
                GenerationRequest.class,
                GenerationItem.class,
                new GenerateCodec(model));
    }

    /// Asks a worker for the truth about the cache of one of its ranks; the answer is one item.
    public Endpoint<KvQuery, KvAnswer> kvQuery(int rank) {
        return new Endpoint<>(
                new EndpointId(namespace, component, KV_QUERY + rank),
                KvQuery.class,
                KvAnswer.class,
                new KvQueryCodec(rank));
    }

    /// The rank whose cache `endpoint` answers for; empty when it is another kind of endpoint.
    public OptionalInt kvQueryRank(EndpointId endpoint) {
        boolean isQuery =
                endpoint.namespace().equals(namespace)
                        && endpoint.component().equals(component)
                        && endpoint.endpoint().matches(KV_QUERY + "[0-9]{1,6}");
        return isQuery
                ? OptionalInt.of(Integer.parseInt(endpoint.endpoint().substring(KV_QUERY.length())))
                : OptionalInt.empty();
    }

    /// What the caches of the workers store and drop.
    public Topic<WorkerKvEvent> kvEvents() {
        return new Topic<>(
                new Subject(namespace, component, DynamoKvEvents.TOPIC),
                WorkerKvEvent.class,
                new EventCodec<>(
                        new ReadableKvEvents(namespace),
                        new DynamoKvEvents(namespace, component, endpoint)));
    }

    /// How much the workers carry. Dynamo up to 1.3 publishes it for the whole namespace.
    public Topic<ActiveLoad> loads() {
        String scope = "namespace." + namespace;
        String workers = scope + ".component." + component;
        String own = workers + ".endpoint." + endpoint + "." + ActiveLoads.TOPIC;
        String readable = namespace + ".worker.load";
        return new Topic<>(
                new Subject(namespace, component, ActiveLoads.TOPIC),
                ActiveLoad.class,
                new EventCodec<>(
                        new ActiveLoads(readable, List.of(readable)),
                        new ActiveLoads(
                                own,
                                List.of(
                                        own,
                                        workers + "." + ActiveLoads.TOPIC,
                                        scope + "." + ActiveLoads.TOPIC))));
    }
}
