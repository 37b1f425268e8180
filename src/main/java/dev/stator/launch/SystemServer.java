package dev.stator.launch;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.http.HttpExchange;
import dev.stator.platform.http.HttpLimits;
import dev.stator.platform.http.HttpResponse;
import dev.stator.platform.http.HttpServer;
import dev.stator.platform.http.Routes;
import dev.stator.platform.metrics.Metrics;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What a worker tells about itself, in the shape of Dynamo's system server: `/health`, `/live`,
/// `/metrics` and `/v1/loras`, on the loopback address.
final class SystemServer implements AutoCloseable {
    private static final String JSON = "application/json";

    private final Supplier<List<WorkerNode>> workers;
    private final Metrics metrics = Metrics.withPrefix("dynamo_component").withJvm();
    private final long startNanos = System.nanoTime();
    private final HttpServer server;

    /// Throws `IOException` when the port is taken.
    ///
    /// @param more adds to what `/metrics` shows
    SystemServer(int port, Supplier<List<WorkerNode>> workers, Consumer<Metrics> more)
            throws IOException {
        this.workers = workers;
        WorkerMetrics.show(workers, metrics);
        more.accept(metrics);
        Routes.Builder routes =
                Routes.builder()
                        .add("GET", "/health", this::health)
                        .add("GET", "/live", this::health)
                        .add("GET", "/metrics", this::metrics);
        new AdapterRoutes(() -> workers.get().stream().map(WorkerNode::worker).toList())
                .addTo(routes);
        this.server =
                new HttpServer(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        routes.build(),
                        (status, message) -> HttpResponse.of(status, "text/plain", message),
                        HttpLimits.DEFAULT);
    }

    InetSocketAddress address() {
        return server.address();
    }

    @Override
    public void close() {
        server.close();
    }

    private void health(HttpExchange exchange) {
        boolean ready = !workers.get().isEmpty();
        String status = ready ? "ready" : "notready";
        Duration up = Duration.ofNanos(System.nanoTime() - startNanos);
        var body =
                new JsonObjectBuilder()
                        .put("status", status)
                        .put(
                                "uptime",
                                new JsonObjectBuilder()
                                        .put("secs", up.toSeconds())
                                        .put("nanos", up.minusSeconds(up.toSeconds()).toNanos())
                                        .build())
                        .put("endpoints", new JsonObjectBuilder().put("generate", status).build())
                        .build();
        exchange.respond(HttpResponse.of(ready ? 200 : 503, JSON, Json.write(body)));
    }

    private void metrics(HttpExchange exchange) {
        exchange.respond(HttpResponse.of(200, Metrics.CONTENT_TYPE, metrics.text()));
    }
}
