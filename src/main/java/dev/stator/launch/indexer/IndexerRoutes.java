package dev.stator.launch.indexer;

import dev.stator.launch.indexer.IndexRegistry.Selection;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.http.HttpExchange;
import dev.stator.platform.http.HttpHandler;
import dev.stator.platform.http.HttpResponse;
import dev.stator.platform.http.Routes;
import dev.stator.platform.metrics.Metrics;
import dev.stator.tokens.TokenBlocks;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the index answers over HTTP, to which path.
final class IndexerRoutes {
    /// Of all indexes that one dump shows.
    private static final long DUMP_BLOCKS_MAX = 1_000_000;

    private static final String JSON = "application/json";

    private final IndexRegistry registry;
    private final IndexerMetrics metrics;

    IndexerRoutes(IndexRegistry registry, IndexerMetrics metrics) {
        this.registry = registry;
        this.metrics = metrics;
    }

    Routes routes() {
        return Routes.builder()
                .add("GET", "/health", exchange -> exchange.respond(json(200, IndexerAnswers.ok())))
                .add("GET", "/metrics", this::metrics)
                .add("POST", "/register", measured("/register", this::register))
                .add("POST", "/unregister", measured("/unregister", this::unregister))
                .add("GET", "/workers", measured("/workers", this::workers))
                .add("GET", "/dump", measured("/dump", this::dump))
                .add("POST", "/query", measured("/query", asking(IndexerRequests::tokens)))
                .add(
                        "POST",
                        "/query_by_hash",
                        measured("/query_by_hash", asking(IndexerRequests::hashes)))
                .build();
    }

    /// The answer when the server itself refuses a request.
    static HttpResponse refusal(int status, String problem) {
        return json(status, IndexerAnswers.error(problem));
    }

    private interface Answerer {
        HttpResponse answer(HttpExchange exchange);
    }

    private interface PromptReader {
        TokenBlocks read(JsonField json, int blockSizeTokens);
    }

    private HttpHandler measured(String endpoint, Answerer answerer) {
        return exchange -> {
            long start = System.nanoTime();
            HttpResponse response = answer(exchange, answerer);
            metrics.answered(
                    exchange.method(),
                    endpoint,
                    response.status(),
                    Duration.ofNanos(System.nanoTime() - start));
            exchange.respond(response);
        };
    }

    private static HttpResponse answer(HttpExchange exchange, Answerer answerer) {
        try {
            return answerer.answer(exchange);
        } catch (RefusedException e) {
            return refusal(e.status(), String.valueOf(e.getMessage()));
        } catch (JsonException | JsonFieldException | IllegalArgumentException e) {
            return refusal(400, String.valueOf(e.getMessage()));
        }
    }

    private HttpResponse register(HttpExchange exchange) {
        registry.register(IndexerRequests.registration(body(exchange)));
        return json(201, IndexerAnswers.ok());
    }

    private HttpResponse unregister(HttpExchange exchange) {
        Selection selection = IndexerRequests.selection(body(exchange));
        if (registry.unregister(selection) == 0) {
            throw new RefusedException(
                    404,
                    "'instance_id' is not registered with this model, group and rank: "
                            + Long.toUnsignedString(selection.instance()));
        }
        return json(200, IndexerAnswers.ok());
    }

    private HttpResponse workers(HttpExchange exchange) {
        return json(200, IndexerAnswers.workers(selected(exchange)));
    }

    private HttpResponse dump(HttpExchange exchange) {
        List<GroupIndex> groups = selected(exchange);
        long blocks = groups.stream().mapToLong(it -> it.size().heldBlocks()).sum();
        if (blocks > DUMP_BLOCKS_MAX) {
            throw new RefusedException(
                    413,
                    "a dump shows up to %d blocks, these are %d: say model_name and routing_group"
                            .formatted(DUMP_BLOCKS_MAX, blocks));
        }
        return json(200, IndexerAnswers.dump(groups));
    }

    private Answerer asking(PromptReader reader) {
        return exchange -> {
            JsonField body = body(exchange);
            IndexKey key = IndexerRequests.key(body);
            GroupIndex group =
                    registry.group(key)
                            .orElseThrow(
                                    () ->
                                            new RefusedException(
                                                    404,
                                                    "no engine is registered for 'model_name' %s"
                                                                    .formatted(key.model())
                                                            + " and 'routing_group' "
                                                            + key.group()));
            TokenBlocks prompt = reader.read(body, group.blockSizeTokens());
            return json(200, IndexerAnswers.overlap(group.match(prompt), group.blockSizeTokens()));
        };
    }

    private List<GroupIndex> selected(HttpExchange exchange) {
        Optional<String> model = exchange.query("model_name");
        Optional<String> group =
                exchange.query("routing_group").or(() -> exchange.query("tenant_id"));
        return registry.groups(
                key ->
                        model.stream().allMatch(key.model()::equals)
                                && group.stream().allMatch(key.group()::equals));
    }

    private void metrics(HttpExchange exchange) {
        exchange.respond(HttpResponse.of(200, Metrics.CONTENT_TYPE, metrics.text()));
    }

    private static JsonField body(HttpExchange exchange) {
        return IndexerRequests.parse(exchange.takeBody());
    }

    private static HttpResponse json(int status, JsonValue body) {
        return HttpResponse.of(status, JSON, Json.write(body));
    }
}
