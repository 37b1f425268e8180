package dev.stator.runtime.discovery;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.runtime.discovery.InstanceRecord.Described;
import dev.stator.runtime.discovery.InstanceRecord.Reachable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The keys and JSON values of records in a shared store, as Dynamo has them.
///
/// An instance that takes requests is an `Endpoint`. One that sends events over ZMQ is an
/// `EventChannel`, whose topic is the endpoint's name and which has no metadata. What an instance
/// serves is a `Model`; one with a `model_suffix`, which ends its key too, is a variant of it.
///
/// Event channels are written as Dynamo 1.4 writes those of a component; those of its endpoints,
/// which a process may have one of per rank, and the form of 1.3 are read too.
public final class RecordFormat {

    /// What the key of every record begins with.
    public static final String PREFIX = "v1/";

    /// The parts of the store that hold records, each without its final slash.
    public static final List<String> BUCKETS =
            List.of("v1/mdc", "v1/instances", "v1/event_channels");

    private static final String CARDS = BUCKETS.get(0) + "/";
    private static final String INSTANCES = BUCKETS.get(1) + "/";
    private static final String EVENT_CHANNELS = BUCKETS.get(2) + "/";

    private static final String SUFFIX = "model_suffix";

    /// What an endpoint's record says besides its metadata.
    private static final Set<String> RESERVED =
            Set.of("type", "component", "endpoint", "namespace", "instance_id", "transport");

    private RecordFormat() {}

    /// Whether a key belongs to a record.
    public static boolean isKey(String key) {
        return BUCKETS.stream().anyMatch(bucket -> key.startsWith(bucket + "/"));
    }

    /// Where the record is kept, such as `v1/instances/dynamo/backend/generate/2a`.
    public static String key(InstanceRecord record) {
        EndpointId id = record.instance().endpoint();
        String instanceId = Long.toHexString(record.instance().instanceId());
        if (record instanceof Reachable(var described) && isChannel(described)) {
            return EVENT_CHANNELS
                    + ("namespace/" + id.namespace())
                    + ("/component/" + id.component())
                    + ("/topic/" + id.endpoint() + "/" + instanceId);
        }
        String rest = String.join("/", id.namespace(), id.component(), id.endpoint(), instanceId);
        return record instanceof Described(_, var variant, _)
                ? CARDS + rest + (variant.isEmpty() ? "" : "/" + variant)
                : INSTANCES + rest;
    }

    public static JsonObject write(InstanceRecord record) {
        return switch (record) {
            case Described described -> model(described);
            case Reachable(var described) when isChannel(described) -> channel(described);
            case Reachable(var described) ->
                    members(new JsonObjectBuilder().put("type", "Endpoint"), described);
        };
    }

    /// The record that a key and its value stand for; empty for one of another type, and for an
    /// event channel that is not a ZMQ publisher of a component.
    ///
    /// Throws `JsonFieldException` or `IllegalArgumentException` when it is malformed.
    public static Optional<InstanceRecord> read(String key, JsonField value) {
        return switch (value.get("type").string()) {
            case "Endpoint" -> Optional.of(new Reachable(readInstance(value)));
            case "EventChannel" -> readChannel(key, value).map(Reachable::new);
            case "Model" -> Optional.of(readModel(value));
            default -> Optional.empty();
        };
    }

    /// Adds how an instance is reached, as its record and Dynamo's `/health` have it.
    static JsonObject members(JsonObjectBuilder json, Instance instance) {
        json.put("component", instance.endpoint().component())
                .put("endpoint", instance.endpoint().endpoint())
                .put("namespace", instance.endpoint().namespace())
                .putUnsigned("instance_id", instance.instanceId())
                .put("transport", object(instance.transport().kind(), instance.transport()));
        new TreeMap<>(instance.metadata()).forEach(json::put);
        return json.build();
    }

    private static JsonObject object(String name, Transport transport) {
        return new JsonObjectBuilder().put(name, transport.address()).build();
    }

    private static boolean isChannel(Instance instance) {
        return instance.transport().kind().equals(Transport.ZMQ);
    }

    private static JsonObject model(Described described) {
        Instance.Key instance = described.instance();
        var json =
                new JsonObjectBuilder()
                        .put("type", "Model")
                        .put("namespace", instance.endpoint().namespace())
                        .put("component", instance.endpoint().component())
                        .put("endpoint", instance.endpoint().endpoint())
                        .putUnsigned("instance_id", instance.instanceId())
                        .put("card_json", described.card());
        return described.variant().isEmpty()
                ? json.build()
                : json.put(SUFFIX, described.variant()).build();
    }

    private static JsonObject channel(Instance instance) {
        JsonObject scope =
                new JsonObjectBuilder()
                        .put("kind", "component")
                        .put("namespace", instance.endpoint().namespace())
                        .put("component", instance.endpoint().component())
                        .build();
        JsonObject transport =
                new JsonObjectBuilder()
                        .put("kind", "Zmq")
                        .put("config", object("endpoint", instance.transport()))
                        .build();
        return new JsonObjectBuilder()
                .put("type", "EventChannel")
                .put("scope", scope)
                .put("topic", instance.endpoint().endpoint())
                .putUnsigned("instance_id", instance.instanceId())
                .put("transport", transport)
                .build();
    }

    private static Instance readInstance(JsonField value) {
        Map.Entry<String, JsonField> transport =
                value.get("transport").members().entrySet().stream()
                        .findFirst()
                        .orElseThrow(() -> value.get("transport").invalid("must name a transport"));
        Map<String, String> metadata = new TreeMap<>();
        value.members()
                .forEach(
                        (name, member) -> {
                            if (member.isString() && !RESERVED.contains(name)) {
                                metadata.put(name, member.string());
                            }
                        });
        return new Instance(
                readEndpoint(value),
                value.get("instance_id").unsignedLong(),
                new Transport(transport.getKey(), transport.getValue().string()),
                metadata,
                Optional.empty());
    }

    private static Described readModel(JsonField value) {
        var instance =
                new Instance.Key(readEndpoint(value), value.get("instance_id").unsignedLong());
        String variant = value.get(SUFFIX).isPresent() ? value.get(SUFFIX).string() : "";
        return new Described(instance, variant, value.get("card_json").object());
    }

    private static Optional<Instance> readChannel(String key, JsonField value) {
        JsonField transport = value.get("transport");
        JsonField scope = value.get("scope").optional().orElse(value);
        JsonField endpoint = scope.get("endpoint");
        JsonField of = endpoint.isPresent() ? endpoint : scope;
        if (!of.get("component").isPresent() || !transport.get("kind").string().equals("Zmq")) {
            return Optional.empty();
        }
        return Optional.of(
                Instance.of(
                        new EndpointId(
                                of.get("namespace").string(),
                                of.get("component").string(),
                                value.get("topic").string()),
                        publisherId(key, value),
                        new Transport(
                                Transport.ZMQ, transport.get("config").get("endpoint").string())));
    }

    /// Publishers of one process differ in their keys alone.
    private static long publisherId(String key, JsonField value) {
        String last = key.substring(key.lastIndexOf('/') + 1);
        return last.matches("[0-9a-f]{1,16}")
                ? Long.parseUnsignedLong(last, 16)
                : value.get("instance_id").unsignedLong();
    }

    private static EndpointId readEndpoint(JsonField value) {
        return new EndpointId(
                value.get("namespace").string(),
                value.get("component").string(),
                value.get("endpoint").string());
    }
}
