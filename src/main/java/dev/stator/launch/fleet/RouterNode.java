package dev.stator.launch.fleet;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineFailure;
import dev.stator.engine.EngineInfo;
import dev.stator.engine.FailureKind;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.TokenSink;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.launch.planes.Planes;
import dev.stator.routing.live.RoutedEngine;
import dev.stator.routing.live.RouterService;
import dev.stator.routing.wire.RouterCodec;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.worker.GenerateService;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A router without a frontend, for workers of one endpoint. It is asked through the request plane:
/// `router/generate` routes a request and streams its answer, `router/best_worker_id` selects and
/// books, `router/get_overlap_scores` says who holds a prompt, `kv-router/generate` answers all
/// questions.
public final class RouterNode implements AutoCloseable {
    private static final String COMPONENT = "router";
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);

    private final Fleets fleets;
    private final RouterService service;
    private final GenerateService generations;
    private final List<ServedRouter> endpoints;

    /// @param workers where the workers are found
    public RouterNode(Planes planes, WorkerProtocol workers, Fleets.Settings settings) {
        this.fleets =
                new Fleets(
                        planes,
                        settings,
                        workers.generateId()::equals,
                        (_, _) -> {},
                        Observers.none());
        this.service = new RouterService(fleets::router, System::nanoTime);
        this.generations = new GenerateService(new FirstModel(fleets));
        String namespace = workers.namespace();
        this.endpoints =
                List.of(
                        ServedRouter.open(
                                planes,
                                RouterCodec.best(
                                        new EndpointId(namespace, COMPONENT, "best_worker_id")),
                                service),
                        ServedRouter.open(
                                planes,
                                RouterCodec.scores(
                                        new EndpointId(namespace, COMPONENT, "get_overlap_scores")),
                                service),
                        ServedRouter.open(
                                planes,
                                RouterCodec.all(new EndpointId(namespace, "kv-router", "generate")),
                                service),
                        ServedRouter.open(
                                planes,
                                new WorkerProtocol(namespace, COMPONENT, "generate").generate(""),
                                generations));
    }

    /// Withdraws, lets running requests end within a limit, then lets go of the fleet.
    @Override
    public void close() {
        endpoints.forEach(it -> it.announcement().close());
        generations.drain(DRAIN_LIMIT);
        endpoints.forEach(ServedRouter::close);
        service.close();
        fleets.close();
    }

    /// Whatever model the workers turn out to serve.
    private record FirstModel(Fleets fleets) implements Engine {

        @Override
        public EngineInfo info() {
            return fleets.router("")
                    .map(RoutedEngine::info)
                    .orElseGet(() -> new EngineInfo("", 0, 0, 0, 0, 0));
        }

        @Override
        public Generation generate(GenerationRequest request, TokenSink sink) {
            Optional<RoutedEngine> router = fleets.router("");
            if (router.isPresent()) {
                return router.get().generate(request, sink);
            }
            var failure = EngineFailure.of(FailureKind.UNAVAILABLE, "there is no worker yet");
            sink.onEnd(new GenerationEnd.Failed(failure));
            return Generation.ENDED;
        }

        @Override
        public void close() {} // the fleets are closed by the node
    }
}
