package dev.stator.engine.wire;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.hints.PlacementJson;
import dev.stator.engine.hints.RequestHints;
import dev.stator.engine.hints.RouterOverrides;
import dev.stator.engine.hints.TaintRules;
import dev.stator.engine.hints.Urgency;
import dev.stator.engine.hints.WorkerPins;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.tokens.CacheNamespace;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// The members of a `PreprocessedRequest` that say where it goes and when: `annotations`,
/// `router_config_override`, `routing`, `agent_context`. A policy class travels beside the request
/// (`RequestMetadata`); a limit of time is the concern of the process that a request came to, and
/// stays there.
final class RoutingMembers {
    private static final String ROUTING = "routing";
    private static final String CONTEXT = "agent_context";
    private static final String ALLOWED = "allowed_worker_ids";
    private static final String SESSION = "session_id";

    private RoutingMembers() {}

    /// Adds what the request has of them.
    static void write(JsonObjectBuilder json, GenerationRequest request) {
        RequestHints hints = request.hints();
        json.putStrings("annotations", hints.annotations().stream().sorted().toList());
        json.put(
                "router_config_override",
                hints.router().equals(RouterOverrides.NONE)
                        ? JsonNull.NULL
                        : PlacementJson.write(hints.router()));
        JsonObject routing = routing(request.namespace(), hints);
        if (!routing.members().isEmpty()) {
            json.put(ROUTING, routing);
        }
        hints.session()
                .ifPresent(
                        it -> json.put(CONTEXT, new JsonObjectBuilder().put(SESSION, it).build()));
    }

    private static JsonObject routing(CacheNamespace namespace, RequestHints hints) {
        var json = new JsonObjectBuilder();
        putNonEmpty(json, "lora_name", namespace.loraName());
        putNonEmpty(json, "cache_salt", namespace.cacheSalt());
        WorkerPins pins = hints.pins();
        pins.backend().ifPresent(it -> json.putUnsigned("backend_instance_id", it));
        pins.decode().ifPresent(it -> json.putUnsigned("decode_worker_id", it));
        pins.decodeRank().ifPresent(it -> json.put("dp_rank", it));
        pins.prefill().ifPresent(it -> json.putUnsigned("prefill_worker_id", it));
        pins.prefillRank().ifPresent(it -> json.put("prefill_dp_rank", it));
        pins.allowed()
                .ifPresent(
                        it ->
                                json.putUnsigned(
                                        ALLOWED, it.stream().mapToLong(Long::longValue).sorted()));
        hints.expectedOutputTokens().ifPresent(it -> json.put("expected_output_tokens", it));
        Urgency urgency = hints.urgency();
        if (urgency.priority() != 0) {
            json.put("priority", urgency.priority());
            json.put("priority_jump", (double) Math.max(0, urgency.priority()));
        }
        if (urgency.tier() != 0) {
            json.put("strict_priority", urgency.tier());
        }
        if (!hints.taints().equals(TaintRules.NONE)) {
            json.put("routing_constraints", PlacementJson.write(hints.taints()));
        }
        return json.build();
    }

    static RequestHints hints(JsonField json) {
        JsonField routing = json.get(ROUTING);
        RequestHints rest =
                new RequestHints(
                        session(json.get(CONTEXT)),
                        Optional.empty(),
                        Urgency.USUAL,
                        OptionalInt.empty(),
                        WorkerPins.NONE,
                        TaintRules.NONE,
                        PlacementJson.overrides(json.get("router_config_override")),
                        Optional.empty(),
                        PlacementJson.names(json.get("annotations")));
        return routing.isPresent() ? placed(rest, routing) : rest;
    }

    static CacheNamespace namespace(JsonField json) {
        JsonField routing = json.get(ROUTING);
        String lora = routing.isPresent() ? text(routing.get("lora_name")) : "";
        String salt = routing.isPresent() ? text(routing.get("cache_salt")) : "";
        return lora.isEmpty() && salt.isEmpty()
                ? CacheNamespace.SHARED
                : new CacheNamespace(lora, salt);
    }

    private static RequestHints placed(RequestHints rest, JsonField routing) {
        return new RequestHints(
                rest.session(),
                rest.tenant(),
                new Urgency(
                        routing.get("priority").integerOr(0, Integer.MIN_VALUE, Integer.MAX_VALUE),
                        routing.get("strict_priority").integerOr(0, 0, Urgency.TIER_MAX)),
                integer(routing.get("expected_output_tokens")),
                new WorkerPins(
                        id(routing.get("backend_instance_id")),
                        id(routing.get("decode_worker_id")),
                        integer(routing.get("dp_rank")),
                        id(routing.get("prefill_worker_id")),
                        integer(routing.get("prefill_dp_rank")),
                        routing.get(ALLOWED).optional().map(RoutingMembers::ids)),
                PlacementJson.taints(routing.get("routing_constraints")),
                rest.router(),
                rest.timeout(),
                rest.annotations());
    }

    private static Optional<String> session(JsonField context) {
        return context.isPresent()
                ? context.get(SESSION).optional().map(JsonField::string)
                : Optional.empty();
    }

    private static Set<Long> ids(JsonField json) {
        return json.items().stream().map(JsonField::unsignedLong).collect(Collectors.toSet());
    }

    private static OptionalLong id(JsonField json) {
        return json.isPresent() ? OptionalLong.of(json.unsignedLong()) : OptionalLong.empty();
    }

    private static OptionalInt integer(JsonField json) {
        return json.isPresent()
                ? OptionalInt.of(json.integer(0, Integer.MAX_VALUE))
                : OptionalInt.empty();
    }

    private static String text(JsonField json) {
        return json.isPresent() ? json.string() : "";
    }

    private static void putNonEmpty(JsonObjectBuilder json, String name, String text) {
        if (!text.isEmpty()) {
            json.put(name, text);
        }
    }
}
