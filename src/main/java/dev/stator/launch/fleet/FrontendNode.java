package dev.stator.launch.fleet;

import dev.stator.frontend.Frontend;
import dev.stator.frontend.FrontendConfig;
import dev.stator.frontend.HealthSource;
import dev.stator.frontend.TimeAndChance;
import dev.stator.launch.planes.Planes;
import dev.stator.platform.metrics.Metrics;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.live.RoutedEngine;
import dev.stator.routing.live.RouterService;
import dev.stator.routing.wire.RouterCodec;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.requests.RequestPlane;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A frontend with a router for every model that the workers around it serve.
public final class FrontendNode implements AutoCloseable {
    private static final Duration AUDIT_PERIOD = Duration.ofSeconds(1);
    private static final String ROUTER_COMPONENT = "kv-router";

    private final Planes planes;
    private final Metrics metrics;
    private final ModelWatch models;
    private final Frontend frontend;
    private final RouterService service;
    private final ExecutorService audits =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("fleet-audit").factory());

    /// How a frontend is set up.
    ///
    /// @param address where it listens; port 0 takes a free one
    /// @param metricsPrefix begins every name on `/metrics`
    /// @param namespace under which its router is found
    public record Settings(
            InetSocketAddress address,
            String metricsPrefix,
            String namespace,
            RouterConfig router) {
        public Settings {
            if (!metricsPrefix.matches("[a-zA-Z_][a-zA-Z0-9_]*")) {
                throw new IllegalArgumentException(
                        "metrics-prefix must be letters, digits and _: " + metricsPrefix);
            }
        }
    }

    /// Listens from here on. Throws `IOException` when the address is taken.
    public FrontendNode(Planes planes, Settings settings, ModelWatch.Scope scope)
            throws IOException {
        this.planes = planes;
        this.metrics = Metrics.withPrefix(settings.metricsPrefix()).withJvm();
        this.models = new ModelWatch(planes, settings.router(), scope);
        FleetMetrics.show(models, metrics);
        this.frontend =
                new Frontend(
                        FrontendConfig.on(settings.address()),
                        models,
                        this::health,
                        metrics,
                        TimeAndChance.system());
        this.service = new RouterService(this::router, System::nanoTime);
        if (settings.router().mode() == RoutingMode.KV) {
            serveRouter(settings.namespace());
        }
        audits.execute(this::audit);
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return frontend.address();
    }

    /// What `/metrics` shows, for others in this process to add to.
    public Metrics metrics() {
        return metrics;
    }

    /// Waits until so many workers of a model can be given requests.
    public void awaitModel(String name, int workers) throws InterruptedException {
        while (models.find(name).isEmpty() || workers(name) < workers) {
            Thread.sleep(Duration.ofMillis(1));
        }
    }

    /// Stops accepting, lets running requests end within their limits, then lets go of the fleets.
    @Override
    public void close() {
        frontend.close();
        audits.shutdownNow();
        service.close();
        models.close();
    }

    /// The router is an instance too, by the name Dynamo gives it.
    private void serveRouter(String namespace) {
        var endpoint = RouterCodec.all(new EndpointId(namespace, ROUTER_COMPONENT, "generate"));
        long id = planes.instanceId();
        RequestPlane.Serving serving = planes.requests().serve(endpoint, id, service);
        planes.discovery()
                .announce(
                        new Instance(
                                endpoint.id(),
                                id,
                                serving.transport(),
                                serving.metadata(),
                                Optional.empty()));
    }

    private Optional<RoutedEngine> router(String model) {
        return models.fleets().stream()
                .map(ModelFleet::engine)
                .filter(it -> model.isEmpty() || it.info().model().equals(model))
                .findFirst();
    }

    private int workers(String model) {
        return models.fleets().stream()
                .filter(it -> it.engine().info().model().equals(model))
                .mapToInt(it -> it.workers().size())
                .sum();
    }

    private HealthSource.Instances health() {
        List<Instance> found =
                planes.discovery().instances().stream()
                        .filter(it -> !it.transport().kind().equals(Transport.ZMQ))
                        .toList();
        return new HealthSource.Instances(
                found.stream().map(it -> it.endpoint().uri()).distinct().sorted().toList(),
                found.stream().map(InstanceJson::write).toList(),
                models.complaints());
    }

    /// Once a period until closing: asks the workers for what the indexes may have missed.
    private void audit() {
        try {
            while (!audits.isShutdown()) {
                Thread.sleep(AUDIT_PERIOD);
                models.fleets().forEach(ModelFleet::audit);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
