package dev.stator.launch.cli;

import dev.stator.launch.WorkerConfig;
import dev.stator.launch.WorkerProcess;
import dev.stator.launch.cli.options.Flags;
import dev.stator.launch.cli.options.ModelOptions;
import dev.stator.launch.cli.options.PlaneOptions;
import dev.stator.launch.cli.options.Terminal;
import dev.stator.launch.engines.EngineSetup;
import dev.stator.routing.RoutingMode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;

/// `stator worker`: one engine that frontends in other processes find and use.
@Command(
        name = "worker",
        description = "Runs a model for the frontends that find it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class WorkerCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec; // set by picocli

    @Mixin private final ModelOptions model = new ModelOptions();

    @Mixin private final PlaneOptions planes = new PlaneOptions();

    @Option(
            names = "--endpoint",
            paramLabel = "dyn://NS.COMPONENT.ENDPOINT",
            description = "Where it is found (default: dyn://NAMESPACE.backend.generate).")
    private @Nullable String endpoint;

    @Option(
            names = "--taint",
            split = ",",
            paramLabel = "KEY=VALUE",
            description = "What kind of worker it is, for requests that ask; may be repeated.")
    private Set<String> taints = Set.of();

    @Option(
            names = "--device-type",
            paramLabel = "cpu|cuda",
            description = "What its engine runs on (default: cpu for --engine cpu, else not said).")
    private @Nullable String deviceType;

    @Option(
            names = "--router-mode",
            paramLabel = "MODE",
            description =
                    "How routers route to the workers of its model, whatever their own mode"
                            + " (default: they decide).")
    private @Nullable String routerMode;

    @Option(
            names = "--system-port",
            defaultValue = "-1",
            paramLabel = "PORT",
            description = "Port of its own /health and /metrics, -1 for none (default: -1).")
    private int systemPort;

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        WorkerConfig config = Flags.checked(spec, this::config);
        var screen = new ServeScreen(out, Terminal.isWatched());
        out.printf(
                "Stator %s worker: %s engine, model %s, %s%n",
                VersionText.version(), model.engineName(), model.modelPath(), planes.words());
        WorkerProcess process = WorkerProcess.open(config, screen);
        var foreground = Foreground.of(process, out);
        out.printf(
                "worker %s serves %s on %s%n",
                process.instanceId(), process.modelName(), config.protocol().generateId().uri());
        process.systemAddress()
                .ifPresent(it -> out.printf("  health    http://localhost:%d%n", it.getPort()));
        out.println("Ctrl-C stops.");
        out.flush();
        foreground.await();
        return 0;
    }

    private WorkerConfig config() {
        EngineSetup setup = model.toSetup(1);
        return new WorkerConfig(
                setup,
                planes.toConfig(),
                planes.workers(endpoint),
                taints,
                Optional.ofNullable(deviceType).or(setup.engine()::deviceType),
                Optional.ofNullable(routerMode).map(RoutingMode::parse),
                systemPort < 0 ? OptionalInt.empty() : OptionalInt.of(systemPort));
    }
}
