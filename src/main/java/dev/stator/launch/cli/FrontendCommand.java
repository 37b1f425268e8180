package dev.stator.launch.cli;

import dev.stator.launch.FrontendProcess;
import dev.stator.launch.cli.options.Flags;
import dev.stator.launch.cli.options.HttpOptions;
import dev.stator.launch.cli.options.PlaneOptions;
import dev.stator.launch.cli.options.RouterOptions;
import dev.stator.launch.fleet.FrontendNode;
import dev.stator.model.ModelReference;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `stator frontend`: the HTTP side and the router, for workers in other processes.
@Command(
        name = "frontend",
        description = "Serves the OpenAI API and routes to the workers it finds.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class FrontendCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec; // set by picocli

    @Mixin private final HttpOptions http = new HttpOptions();

    @Mixin private final RouterOptions router = new RouterOptions();

    @Mixin private final PlaneOptions planes = new PlaneOptions();

    @Option(
            names = "--model-path",
            paramLabel = "DIR|demo",
            description = "Where the models' tokenizers are, when not where the workers have them.")
    private @Nullable String modelPath;

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        FrontendProcess.Config config = Flags.checked(spec, this::config);
        FrontendProcess process = FrontendProcess.open(config);
        var foreground = Foreground.of(process, out);
        out.printf(
                """
                Stator %s frontend, router mode %s, %s
                  URL       http://localhost:%d/v1
                Ctrl-C stops.
                """,
                VersionText.version(), router.mode(), planes.words(), process.address().getPort());
        out.flush();
        foreground.await();
        return 0;
    }

    private FrontendProcess.Config config() {
        return new FrontendProcess.Config(
                planes.toConfig(),
                new FrontendNode.Settings(
                        http.toConfig(),
                        http.metricsPrefix(),
                        planes.namespace(),
                        router.toSettings(planes.sharesBookings())),
                Optional.ofNullable(modelPath).map(ModelReference::parse));
    }
}
