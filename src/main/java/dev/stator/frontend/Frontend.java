package dev.stator.frontend;

import dev.stator.frontend.admin.AdminRoutes;
import dev.stator.frontend.completion.Admission;
import dev.stator.frontend.completion.FrontendMetrics;
import dev.stator.frontend.completion.Replies;
import dev.stator.frontend.explain.ExplainRoutes;
import dev.stator.openai.response.ModelEntry;
import dev.stator.platform.codec.JsonText;
import dev.stator.platform.http.HttpExchange;
import dev.stator.platform.http.HttpResponse;
import dev.stator.platform.http.HttpServer;
import dev.stator.platform.http.Routes;
import dev.stator.platform.metrics.Metrics;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/// A running frontend: listens from construction to `close`.
public final class Frontend implements AutoCloseable {
    private final FrontendConfig config;
    private final Operations operations;
    private final Metrics metrics;
    private final FrontendContext context;
    private final HttpServer server;

    /// Throws `IOException` when the address cannot be listened on.
    ///
    /// @param metrics where the frontend adds its own and what `/metrics` shows
    public Frontend(
            FrontendConfig config,
            ModelDirectory models,
            Operations operations,
            Metrics metrics,
            TimeAndChance sources)
            throws IOException {
        this.config = config;
        this.operations = operations;
        this.metrics = metrics;
        this.context =
                new FrontendContext(
                        models,
                        new Admission(config.concurrentRequestsMax()),
                        new FrontendMetrics(metrics),
                        sources,
                        config.rules());
        this.server = new HttpServer(config.address(), routes(), Replies::page, config.http());
    }

    private Routes routes() {
        Routes.Builder routes =
                Routes.builder()
                        .add("POST", "/v1/chat/completions", endpoint(CompletionApi.CHAT))
                        .add("POST", "/v1/completions", endpoint(CompletionApi.TEXT))
                        .add("GET", "/v1/models", this::models)
                        .add("GET", "/v1/models/*", this::model)
                        .add("GET", "/health", this::health)
                        .add("GET", "/live", this::live)
                        .add("GET", "/metrics", this::metrics);
        new ExplainRoutes(operations.decisions(), context.names()).addTo(routes);
        if (config.isAdministered()) {
            new AdminRoutes(operations.thresholds()).addTo(routes);
        }
        return routes.build();
    }

    private CompletionEndpoint endpoint(CompletionApi api) {
        return new CompletionEndpoint(context, api);
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return server.address();
    }

    /// Completion requests being served.
    public int requests() {
        return context.admission().admitted();
    }

    private void models(HttpExchange exchange) {
        var entries = context.models().all().stream().map(ServedModel::entry).toList();
        exchange.respond(Replies.json(200, ModelEntry.listToJson(entries)));
    }

    private void model(HttpExchange exchange) {
        Optional<ServedModel> model = context.models().find(exchange.tail());
        exchange.respond(
                model.map(served -> Replies.json(200, served.entry().toJson()))
                        .orElseGet(() -> Replies.unknownModel(exchange.tail())));
    }

    private void health(HttpExchange exchange) {
        boolean draining = context.isDraining();
        HealthSource.Instances found = operations.health().instances();
        var body = new StringBuilder();
        body.append(
                draining
                        ? "{\"status\":\"not_ready\",\"message\":\"Service is draining\""
                        : "{\"status\":\"healthy\",\"message\":\"Service is healthy\"");
        JsonText.append(body.append(",\"endpoints\":"), found.endpointsJson());
        JsonText.append(body.append(",\"instances\":"), found.instancesJson());
        if (!found.warnings().isEmpty()) {
            JsonText.append(body.append(",\"warnings\":"), found.warningsJson());
        }
        exchange.respond(Replies.json(draining ? 503 : 200, body.append('}').toString()));
    }

    private void live(HttpExchange exchange) {
        exchange.respond(
                Replies.json(200, "{\"status\":\"live\",\"message\":\"Service is live\"}"));
    }

    private void metrics(HttpExchange exchange) {
        exchange.respond(HttpResponse.of(200, Metrics.CONTENT_TYPE, metrics.text()));
    }

    /// Stops accepting, lets requests in flight end within the drain timeout, then cuts the rest.
    @Override
    public void close() {
        context.drain();
        try {
            server.drain(config.drainTimeout());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            server.close();
        }
    }
}
