package dev.stator.launch;

import dev.stator.frontend.Frontend;
import dev.stator.frontend.FrontendConfig;
import dev.stator.frontend.ServedModel;
import dev.stator.frontend.TimeAndChance;
import dev.stator.platform.metrics.Metrics;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/// Everything in one process: frontend, router, workers.
///
/// The frontend listens first, so that a taken port is reported before a model is loaded and
/// `/health` shows the workers as they appear.
public final class Serving implements AutoCloseable {
    private final Frontend frontend;
    private final EngineRoom engines;
    private final Fleet fleet;
    private volatile List<ServedModel> models = List.of();

    private Serving(ServeConfig config, ChatModel model, Startup startup) throws IOException {
        this.engines = EngineRoom.of(config, model);
        this.fleet = new Fleet(engines.info(), config.router());
        var metrics = Metrics.withPrefix(config.metricsPrefix()).withJvm();
        this.frontend =
                new Frontend(
                        FrontendConfig.on(config.address()),
                        () -> models,
                        fleet::instances,
                        metrics,
                        TimeAndChance.system());
        fleet.showOn(metrics);
        startup.listening(frontend.address());
    }

    /// Starts everything and returns when requests are answered.
    ///
    /// Throws `IOException` when the address is taken, and the exceptions of the model's files.
    public static Serving open(ServeConfig config, Startup startup) throws IOException {
        ChatModel model = ChatModel.open(config.model());
        var serving = new Serving(config, model, startup);
        try {
            serving.load(config, model, startup);
        } catch (RuntimeException | Error e) {
            serving.close();
            throw e;
        }
        return serving;
    }

    private void load(ServeConfig config, ChatModel model, Startup startup) {
        engines.load(startup);
        for (int i = 0; i < config.workers(); i++) {
            fleet.add(engines::open);
            startup.workers(i + 1, config.workers());
        }
        models = List.of(served(model));
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
        fleet.close();
        engines.close();
    }

    private ServedModel served(ChatModel model) {
        return new ServedModel(
                modelName(),
                TimeAndChance.system().clock().instant().getEpochSecond(),
                fleet.engine(),
                model.tokenizer(),
                model.prompts(),
                model.model().generation(),
                model.thinks());
    }
}
