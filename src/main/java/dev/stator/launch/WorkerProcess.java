package dev.stator.launch;

import dev.stator.launch.engines.ChatModel;
import dev.stator.launch.engines.EngineRoom;
import dev.stator.launch.engines.Startup;
import dev.stator.launch.planes.Planes;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/// A worker alone in its process: joins the planes, loads its model, and then serves it.
public final class WorkerProcess implements AutoCloseable {
    private final Planes planes;
    private final EngineRoom engines;
    private @Nullable WorkerNode worker; // null until it serves
    private @Nullable SystemServer system; // null without one

    private WorkerProcess(WorkerConfig config, ChatModel model) {
        this.planes = Planes.open(config.planes(), "worker");
        this.engines = EngineRoom.of(config.engine(), model);
    }

    /// Returns when the worker can be given requests.
    ///
    /// Throws `IOException` when a port is taken, and the exceptions of planes and model files.
    public static WorkerProcess open(WorkerConfig config, Startup startup)
            throws IOException, InterruptedException {
        ChatModel model = ChatModel.open(config.engine().model());
        var process = new WorkerProcess(config, model);
        try {
            process.serve(config, model, startup);
        } catch (IOException | RuntimeException | Error | InterruptedException e) {
            process.close();
            throw e;
        }
        return process;
    }

    private void serve(WorkerConfig config, ChatModel model, Startup startup)
            throws IOException, InterruptedException {
        if (config.systemPort().isPresent()) {
            system =
                    new SystemServer(
                            config.systemPort().getAsInt(), this::workers, planes.metrics());
        }
        engines.load(startup);
        boolean publishes = config.engine().kvEvents().isEnabled();
        var settings =
                new WorkerNode.Settings(
                        config.protocol(),
                        planes.instanceId(),
                        publishes,
                        publishes && config.planes().speaksDynamosEvents(),
                        Optional.of(model.files()),
                        config.kind());
        worker = new WorkerNode(planes, settings, engines);
        startup.workers(1, 1);
    }

    /// The number under which it is found.
    public String instanceId() {
        return Long.toUnsignedString(planes.instanceId());
    }

    /// The name clients ask for.
    public String modelName() {
        return engines.info().model();
    }

    /// Where its own `/metrics` are, if anywhere.
    public Optional<InetSocketAddress> systemAddress() {
        return Optional.ofNullable(system).map(SystemServer::address);
    }

    /// Withdraws first, lets running requests end within their limit, then frees everything.
    @Override
    public void close() {
        workers().forEach(WorkerNode::close);
        if (system != null) {
            system.close();
        }
        planes.close();
        engines.close();
    }

    private List<WorkerNode> workers() {
        return worker == null ? List.of() : List.of(worker);
    }
}
