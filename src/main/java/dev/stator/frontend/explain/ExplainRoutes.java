package dev.stator.frontend.explain;

import dev.stator.frontend.completion.Replies;
import dev.stator.frontend.explain.RequestNames.Named;
import dev.stator.openai.protocol.ApiError;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.http.HttpExchange;
import dev.stator.platform.http.HttpResponse;
import dev.stator.platform.http.Routes;
import dev.stator.routing.explain.DecisionLog.Limits;
import dev.stator.routing.explain.DecisionRecord;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Answers who asks why a request went where it did.
public final class ExplainRoutes {

    /// Decisions of one answer.
    public static final int LISTED_MAX = 500;

    private static final int LISTED_DEFAULT = 20;
    private static final String REQUEST_ID = "request_id";

    private final DecisionSource source;
    private final RequestNames names;

    public ExplainRoutes(DecisionSource source, RequestNames names) {
        this.source = source;
        this.names = names;
    }

    public void addTo(Routes.Builder routes) {
        routes.add("GET", "/v1/stator/decisions", this::list)
                .add("GET", "/v1/stator/decisions/*", this::one)
                .add("GET", "/v1/stator/ladder", this::ladder);
    }

    private void list(HttpExchange exchange) {
        Optional<Integer> limit = limit(exchange);
        if (limit.isEmpty()) {
            exchange.respond(Replies.page(400, "limit must be in [1, " + LISTED_MAX + "]"));
            return;
        }
        var body =
                new JsonObjectBuilder()
                        .put("kept", kept())
                        .putAll("decisions", written(source.log().recent(limit.get()).stream()));
        exchange.respond(json(body));
    }

    /// Absent when it is not a number within its bounds.
    private static Optional<Integer> limit(HttpExchange exchange) {
        try {
            int limit = exchange.query("limit").map(Integer::valueOf).orElse(LISTED_DEFAULT);
            return Optional.of(limit).filter(it -> it >= 1 && it <= LISTED_MAX);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private void one(HttpExchange exchange) {
        String name = exchange.tail();
        Optional<Named> named = names.find(name);
        List<String> generations = named.map(Named::generations).orElse(List.of(name));
        List<JsonObject> decisions =
                written(generations.stream().flatMap(it -> source.log().about(it).stream()));
        if (decisions.isEmpty()) {
            exchange.respond(unknown(name));
            return;
        }
        var body = new JsonObjectBuilder().put(REQUEST_ID, named.map(Named::id).orElse(name));
        named.ifPresent(it -> body.put("x_request_id", it.header()));
        body.putStrings(
                "others_of_this_name",
                names.others(name).stream()
                        .filter(it -> !it.equals(named.map(Named::id).orElse("")))
                        .toList());
        exchange.respond(json(body.putAll("decisions", decisions)));
    }

    private void ladder(HttpExchange exchange) {
        exchange.respond(Replies.json(200, Json.write(LadderJson.write(source.ladders().get()))));
    }

    private HttpResponse unknown(String name) {
        Limits limits = source.log().limits();
        String kept =
                "each frontend keeps its last %,d, for at most %d minutes"
                        .formatted(limits.decisionsMax(), limits.ageMax().toMinutes());
        String message =
                "no decision about request '%s' is known here: %s"
                        .formatted(Replies.shown(name), kept);
        return Replies.json(
                404,
                new ApiError(message, "invalid_request_error", REQUEST_ID, "decision_not_found")
                        .toJson());
    }

    private JsonObject kept() {
        Limits limits = source.log().limits();
        return new JsonObjectBuilder()
                .put("decisions_max", limits.decisionsMax())
                .put("bytes_max", limits.bytesMax())
                .put("age_max_seconds", limits.ageMax().toSeconds())
                .build();
    }

    private List<JsonObject> written(Stream<DecisionRecord> decisions) {
        return decisions.map(it -> DecisionJson.write(it, header(it))).toList();
    }

    private Optional<String> header(DecisionRecord decision) {
        return names.find(decision.asked().requestId()).map(Named::header);
    }

    private static HttpResponse json(JsonObjectBuilder body) {
        return Replies.json(200, Json.write(body.build()));
    }
}
