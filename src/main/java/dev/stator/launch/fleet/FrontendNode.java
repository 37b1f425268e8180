package dev.stator.launch.fleet;

import dev.stator.engine.wire.WorkerCard;
import dev.stator.frontend.Frontend;
import dev.stator.frontend.FrontendConfig;
import dev.stator.frontend.HealthSource;
import dev.stator.frontend.Operations;
import dev.stator.frontend.TimeAndChance;
import dev.stator.frontend.explain.DecisionSource;
import dev.stator.launch.engines.ChatModel;
import dev.stator.launch.planes.Planes;
import dev.stator.platform.metrics.Metrics;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.explain.DecisionLog;
import dev.stator.routing.explain.HitLadder;
import dev.stator.routing.explain.LadderReading;
import dev.stator.routing.live.RouterService;
import dev.stator.routing.wire.RouterCodec;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// A frontend with a router for every model that the workers around it serve.
public final class FrontendNode implements AutoCloseable {
    private static final String ROUTER_COMPONENT = "kv-router";

    private final Planes planes;
    private final Metrics metrics;
    private final Fleets fleets;
    private final RouterService service;
    private final Frontend frontend;
    private final Optional<ServedRouter> router;

    /// How a frontend is set up.
    ///
    /// @param http how it listens and what it takes
    /// @param metricsPrefix begins every name on `/metrics`
    /// @param namespace under which its router is found
    public record Settings(
            FrontendConfig http, String metricsPrefix, String namespace, Fleets.Settings fleets) {
        public Settings {
            if (!metricsPrefix.matches("[a-zA-Z_][a-zA-Z0-9_]*")) {
                throw new IllegalArgumentException(
                        "metrics-prefix must be letters, digits and _: " + metricsPrefix);
            }
        }
    }

    /// Listens from here on. Throws `IOException` when the address is taken.
    ///
    /// @param opener makes of a worker's card what speaks the model's language; may throw
    ///     `ModelFolderException` and `IllegalArgumentException`
    public FrontendNode(Planes planes, Settings settings, Function<WorkerCard, ChatModel> opener)
            throws IOException {
        this.planes = planes;
        this.metrics = Metrics.withPrefix(settings.metricsPrefix()).withJvm();
        var models = new ChatModels(opener);
        DecisionLog log = Observers.newLog();
        this.fleets =
                new Fleets(
                        planes,
                        settings.fleets(),
                        _ -> true,
                        models,
                        new Observers(
                                log,
                                new DecisionMetrics(metrics),
                                new AdmissionMetrics(metrics)::of));
        FleetMetrics.show(fleets, metrics);
        DecisionMetrics.showLadder(this::lately, metrics);
        planes.metrics().accept(metrics);
        this.frontend =
                new Frontend(
                        settings.http(), models, operations(log), metrics, TimeAndChance.system());
        this.service = new RouterService(fleets::router, System::nanoTime);
        this.router =
                settings.fleets().router().mode() == RoutingMode.KV
                        ? Optional.of(served(settings.namespace()))
                        : Optional.empty();
    }

    private Operations operations(DecisionLog log) {
        return new Operations(
                this::health, new DecisionSource(log, this::ladders), new FleetThresholds(fleets));
    }

    private LadderReading lately() {
        return fleets.all().stream()
                .map(it -> it.engine().journal().ladder().lately())
                .reduce(LadderReading.EMPTY, LadderReading::plus);
    }

    private Map<String, HitLadder> ladders() {
        Map<String, HitLadder> ladders = new TreeMap<>();
        for (ModelFleet fleet : fleets.all()) {
            ladders.put(fleet.engine().info().model(), fleet.engine().journal().ladder());
        }
        return ladders;
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
        while (fleets.find(name).map(it -> it.workers().size()).orElse(0) < workers) {
            Thread.sleep(Duration.ofMillis(1));
        }
    }

    /// Stops accepting, lets running requests end within their limits, then lets go of the fleets.
    @Override
    public void close() {
        router.ifPresent(ServedRouter::close);
        frontend.close();
        service.close();
        fleets.close();
    }

    /// The router is an instance too, by the name Dynamo gives it.
    private ServedRouter served(String namespace) {
        var id = new EndpointId(namespace, ROUTER_COMPONENT, "generate");
        return ServedRouter.open(planes, RouterCodec.all(id), service);
    }

    private HealthSource.Instances health() {
        List<Instance> found =
                planes.discovery().instances().stream()
                        .filter(it -> !it.transport().kind().equals(Transport.ZMQ))
                        .toList();
        return new HealthSource.Instances(
                found.stream().map(it -> it.endpoint().uri()).distinct().sorted().toList(),
                found.stream().map(Instance::toJson).toList(),
                fleets.complaints());
    }
}
