package dev.stator.engine.kvevents;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.zmq.ZmqEndpoint;

import java.util.Optional;
import java.util.Set;

/// What `--kv-events-config` says, in the words of vLLM and SGLang.
///
/// ```
/// {"publisher": "zmq", "topic": "kv-events", "endpoint": "tcp://*:5557"}
/// ```
///
/// @param isEnabled whether events are published at all
/// @param endpoint where: bound when it is a wildcard or local, else connected to
/// @param replayEndpoint where missed batches can be asked for
/// @param bufferSteps batches kept for that
/// @param highWater batches on their way to one subscriber
/// @param maxQueueSize events that wait to be published
/// @param topic the first frame of every message
public record KvEventsConfig(
        boolean isEnabled,
        ZmqEndpoint endpoint,
        Optional<ZmqEndpoint> replayEndpoint,
        int bufferSteps,
        int highWater,
        int maxQueueSize,
        String topic) {

    /// What the engines assume about all that is not said.
    public static final KvEventsConfig DISABLED =
            new KvEventsConfig(
                    false,
                    new ZmqEndpoint("tcp://*:5557"),
                    Optional.empty(),
                    10_000,
                    100_000,
                    100_000,
                    "");

    private static final int COUNT_MAX = 10_000_000;
    private static final Set<String> NAMES =
            Set.of(
                    "enable_kv_cache_events",
                    "publisher",
                    "endpoint",
                    "replay_endpoint",
                    "buffer_steps",
                    "hwm",
                    "max_queue_size",
                    "topic");

    /// Reads the flag's JSON. Throws `JsonException` when it is no JSON and `JsonFieldException`,
    /// which names field and value, when it says something else.
    public static KvEventsConfig parse(String json) {
        JsonField root = JsonField.root(Json.parse(json, JsonLimits.REQUEST));
        root.members()
                .forEach(
                        (name, field) -> {
                            if (!NAMES.contains(name)) {
                                throw field.invalid("is not a field of the KV events config");
                            }
                        });
        return new KvEventsConfig(
                isEnabled(root),
                root.get("endpoint")
                        .optional()
                        .map(KvEventsConfig::endpoint)
                        .orElse(DISABLED.endpoint()),
                root.get("replay_endpoint").optional().map(KvEventsConfig::endpoint),
                count(root.get("buffer_steps"), DISABLED.bufferSteps()),
                count(root.get("hwm"), DISABLED.highWater()),
                count(root.get("max_queue_size"), DISABLED.maxQueueSize()),
                root.get("topic").optional().map(JsonField::string).orElse(DISABLED.topic()));
    }

    /// The config of one data-parallel rank, whose ports are the rank's number higher.
    ///
    /// Throws `IllegalArgumentException` when there is no such port.
    public KvEventsConfig forRank(int rank) {
        return new KvEventsConfig(
                isEnabled,
                endpoint.forRank(rank),
                replayEndpoint.map(it -> it.forRank(rank)),
                bufferSteps,
                highWater,
                maxQueueSize,
                topic);
    }

    /// A publisher is named by its kind; naming one is enough to enable it.
    private static boolean isEnabled(JsonField root) {
        JsonField publisher = root.get("publisher");
        JsonField enable = root.get("enable_kv_cache_events");
        if (!publisher.isPresent()) {
            return enable.isPresent() && enable.bool();
        }
        return switch (publisher.string()) {
            case "zmq" -> !enable.isPresent() || enable.bool();
            case "null" -> false;
            default -> throw publisher.invalid("must be \"zmq\" or \"null\"");
        };
    }

    private static ZmqEndpoint endpoint(JsonField field) {
        try {
            return new ZmqEndpoint(field.string());
        } catch (IllegalArgumentException _) {
            throw field.invalid("must be tcp://host:port, ipc://path or inproc://name");
        }
    }

    private static int count(JsonField field, int usual) {
        return field.integerOr(usual, 1, COUNT_MAX);
    }
}
