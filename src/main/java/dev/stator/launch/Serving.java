package dev.stator.launch;

import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.launch.engines.ChatModel;
import dev.stator.launch.engines.EngineRoom;
import dev.stator.launch.engines.Startup;
import dev.stator.launch.fleet.FrontendNode;
import dev.stator.launch.planes.Planes;
import dev.stator.worker.Worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Everything in one process: a frontend and workers that meet on in-process planes.
///
/// The frontend listens first, so that a taken port is reported before a model is loaded and
/// `/health` shows the workers as they appear.
public final class Serving implements AutoCloseable {
    private static final String NAMESPACE = "dynamo";

    private final Planes planes = Planes.inProcess();
    private final EngineRoom engines;
    private final FrontendNode frontend;
    private final List<WorkerNode> workers = new CopyOnWriteArrayList<>();

    private Serving(ServeConfig config, ChatModel model, Startup startup) throws IOException {
        this.engines = EngineRoom.of(config.engine(), model);
        this.frontend =
                new FrontendNode(
                        planes,
                        new FrontendNode.Settings(
                                config.http(), config.metricsPrefix(), NAMESPACE, config.fleets()),
                        _ -> model);
        WorkerMetrics.show(() -> workers, frontend.metrics());
        startup.listening(frontend.address());
    }

    /// Starts everything and returns when requests are answered.
    ///
    /// Throws `IOException` when the address is taken, and the exceptions of the model's files.
    public static Serving open(ServeConfig config, Startup startup)
            throws IOException, InterruptedException {
        ChatModel model = ChatModel.open(config.engine().model());
        var serving = new Serving(config, model, startup);
        try {
            serving.load(config, startup);
        } catch (IOException | RuntimeException | Error | InterruptedException e) {
            serving.close();
            throw e;
        }
        return serving;
    }

    private void load(ServeConfig config, Startup startup)
            throws IOException, InterruptedException {
        engines.load(startup);
        int count = config.engine().workers();
        WorkerProtocol protocol = WorkerProtocol.in(NAMESPACE);
        for (int i = 1; i <= count; i++) {
            var settings =
                    new WorkerNode.Settings(
                            protocol,
                            i,
                            true,
                            false,
                            Optional.empty(),
                            Worker.Kind.adapted(config.engine().adapters()));
            workers.add(new WorkerNode(planes, settings, engines));
            startup.workers(i, count);
        }
        frontend.awaitModel(modelName(), count * engines.ranks());
    }

    public InetSocketAddress address() {
        return frontend.address();
    }

    /// The name clients ask for.
    public String modelName() {
        return engines.info().model();
    }

    /// Stops accepting, lets running requests end within their limits, then frees everything.
    @Override
    public void close() {
        frontend.close();
        workers.parallelStream().forEach(WorkerNode::close);
        planes.close();
        engines.close();
    }
}
