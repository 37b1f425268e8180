package dev.stator.launch.cli;

import dev.stator.launch.ServeConfig;
import dev.stator.launch.Serving;
import dev.stator.launch.cli.options.Terminal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.PrintStream;
import java.util.concurrent.Callable;

/// `stator serve`: runs until it is told to stop.
@Command(
        name = "serve",
        description = "Runs everything in one process: frontend, KV router and workers.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ServeCommand implements Callable<Integer> {
    @Mixin private final ServeOptions options = new ServeOptions();

    @Override
    public Integer call() throws Exception {
        ServeConfig config = options.toConfig();
        PrintStream out = System.out;
        var screen = new ServeScreen(out, Terminal.isWatched());
        screen.starting(options);
        Serving serving = Serving.open(config, screen);
        var foreground = Foreground.of(serving, out);
        screen.card(serving.address(), serving.modelName(), options);
        foreground.await();
        return 0;
    }
}
