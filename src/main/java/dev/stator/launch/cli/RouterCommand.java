package dev.stator.launch.cli;

import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.launch.RouterProcess;
import dev.stator.launch.cli.options.Flags;
import dev.stator.launch.cli.options.PlaneOptions;
import dev.stator.launch.cli.options.RouterOptions;
import dev.stator.launch.fleet.Fleets;
import dev.stator.launch.planes.PlanesConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintStream;
import java.util.concurrent.Callable;

/// `stator router`: a router that is asked through the request plane.
@Command(
        name = "router",
        description = "Routes for others: generate, best_worker_id, get_overlap_scores.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class RouterCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec; // set by picocli

    @Option(
            names = "--endpoint",
            paramLabel = "dyn://NS.COMPONENT.ENDPOINT",
            description = "The workers' (default: dyn://NAMESPACE.backend.generate).")
    private @Nullable String endpoint;

    @Mixin private final RouterOptions router = new RouterOptions();

    @Mixin private final PlaneOptions planes = new PlaneOptions();

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        WorkerProtocol workers = Flags.checked(spec, () -> planes.workers(endpoint));
        Fleets.Settings config =
                Flags.checked(spec, () -> router.toSettings(planes.sharesBookings()));
        PlanesConfig at = Flags.checked(spec, planes::toConfig);
        RouterProcess process = RouterProcess.open(at, workers, config);
        var foreground = Foreground.of(process, out);
        out.printf(
                "Stator %s router for %s, mode %s, %s%nCtrl-C stops.%n",
                VersionText.version(), workers.generateId().uri(), router.mode(), planes.words());
        out.flush();
        foreground.await();
        return 0;
    }
}
