package dev.stator.openai.protocol;

import dev.stator.engine.hints.PlacementJson;
import dev.stator.engine.hints.RequestHints;
import dev.stator.engine.hints.Urgency;
import dev.stator.engine.hints.WorkerPins;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Reads what a request says about itself: Dynamo's `nvext` member and the headers that stand for
/// its members, which win over them. Members nobody knows are ignored.
final class HintReader {
    static final String TENANT = "x-tenant-id";
    static final String TIMEOUT = "x-request-timeout-ms";

    static final int NAME_CHARS_MAX = 256;
    static final long TIMEOUT_MILLIS_MAX = Duration.ofDays(1).toMillis();

    /// How a rank says that it is none.
    private static final long RANK_UNSET = 0xFFFF_FFFFL;

    private final JsonField body;
    private final JsonField nvext;
    private final HintSource source;

    private HintReader(JsonField body, HintSource source) {
        this.body = body;
        this.source = source;
        this.nvext =
                source.takesExtensions()
                        ? body.objectOrEmpty("nvext")
                        : JsonField.root(JsonObject.EMPTY);
    }

    /// Throws `InvalidRequest`, and `JsonFieldException` for the body.
    static RequestHints read(JsonField body, HintSource source) {
        return new HintReader(body, source).hints();
    }

    /// What keeps equal prompts of others from sharing cached blocks; empty for none.
    static String cacheSalt(JsonField body, HintSource source) {
        var reader = new HintReader(body, source);
        return reader.extension(TENANT)
                .map(it -> it.text(NAME_CHARS_MAX))
                .or(() -> name(reader.nvext.get("cache_salt")))
                .or(() -> name(body.get("cache_salt")))
                .orElse("");
    }

    static ExtraFields extras(JsonField body, HintSource source, boolean asksForWorkerOnly) {
        return ExtraFields.parse(new HintReader(body, source).nvext, asksForWorkerOnly);
    }

    private RequestHints hints() {
        JsonField agent = nvext.objectOrEmpty("agent_hints");
        return new RequestHints(
                session(),
                tenant(),
                urgency(agent),
                rank(Optional.empty(), agent.get("osl")),
                pins(),
                PlacementJson.taints(nvext.get("routing_constraints")),
                PlacementJson.overrides(nvext.get("router_config_override")),
                timeout(),
                PlacementJson.names(nvext.get("annotations")));
    }

    private Optional<String> session() {
        return extension("x-dynamo-session-id")
                .map(it -> it.text(NAME_CHARS_MAX))
                .or(() -> name(nvext.objectOrEmpty("agent_context").get("session_id")))
                .or(() -> name(nvext.objectOrEmpty("session_control").get("session_id")));
    }

    /// A gateway's word, or else whose key it is, or else what the client says.
    private Optional<String> tenant() {
        JsonField user = body.get("user");
        return source.field(TENANT)
                .map(it -> it.text(NAME_CHARS_MAX))
                .or(() -> source.headers().apply("authorization").flatMap(ApiKeys::nameOf))
                .or(() -> user.isString() ? name(user) : Optional.empty());
    }

    private Urgency urgency(JsonField agent) {
        JsonField priority = agent.get("priority");
        JsonField tier = agent.get("strict_priority");
        return new Urgency(
                extension("x-dynamo-request-priority")
                        .map(it -> (int) it.integer(Integer.MIN_VALUE, Integer.MAX_VALUE))
                        .orElseGet(
                                () -> priority.integerOr(0, Integer.MIN_VALUE, Integer.MAX_VALUE)),
                extension("x-dynamo-request-strict-priority")
                        .map(it -> it.integer(0, Urgency.TIER_MAX))
                        .orElseGet(() -> tier.integerOr(0, 0, Urgency.TIER_MAX)),
                extension("x-dynamo-meta-policy-class").map(it -> it.text(NAME_CHARS_MAX)));
    }

    private WorkerPins pins() {
        Optional<HeaderField> worker =
                extension("x-dynamo-worker-instance-id", "x-worker-instance-id");
        Optional<HeaderField> prefill =
                extension("x-dynamo-prefill-instance-id", "x-prefill-instance-id");
        return new WorkerPins(
                instance(worker, nvext.get("backend_instance_id")),
                instance(worker, nvext.get("decode_worker_id")),
                rank(
                        extension("x-dynamo-dp-rank", "x-dp-rank", "x-data-parallel-rank"),
                        nvext.get("dp_rank")),
                instance(prefill, nvext.get("prefill_worker_id")),
                rank(
                        extension("x-dynamo-prefill-dp-rank", "x-prefill-dp-rank"),
                        nvext.get("prefill_dp_rank")));
    }

    private Optional<Duration> timeout() {
        return source.field(TIMEOUT)
                .map(it -> it.integer(1, TIMEOUT_MILLIS_MAX))
                .or(
                        () ->
                                nvext.get("timeout_ms")
                                        .optional()
                                        .map(it -> it.integer(1, TIMEOUT_MILLIS_MAX)))
                .map(Duration::ofMillis)
                .filter(it -> source.timeLimit().isEmpty() || isShorter(it))
                .or(source::timeLimit);
    }

    private boolean isShorter(Duration asked) {
        return asked.compareTo(source.timeLimit().orElseThrow()) < 0;
    }

    private Optional<HeaderField> extension(String... names) {
        return source.takesExtensions() ? source.field(names) : Optional.empty();
    }

    private static OptionalLong instance(Optional<HeaderField> header, JsonField field) {
        return header.map(it -> OptionalLong.of(it.unsignedLong()))
                .orElseGet(
                        () ->
                                field.isPresent()
                                        ? OptionalLong.of(field.unsignedLong())
                                        : OptionalLong.empty());
    }

    private static OptionalInt rank(Optional<HeaderField> header, JsonField field) {
        long rank =
                header.map(it -> it.integer(0, RANK_UNSET))
                        .orElseGet(() -> field.integerOr(RANK_UNSET, 0, RANK_UNSET));
        return rank == RANK_UNSET
                ? OptionalInt.empty()
                : OptionalInt.of((int) Math.min(rank, Integer.MAX_VALUE));
    }

    /// A text with a limit; empty ones count as absent.
    private static Optional<String> name(JsonField field) {
        if (!field.isPresent()) {
            return Optional.empty();
        }
        String name = field.string();
        if (name.length() > NAME_CHARS_MAX) {
            throw field.invalid("must have at most " + NAME_CHARS_MAX + " characters");
        }
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }
}
