package dev.stator.launch.cli;

import dev.stator.launch.Serving;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

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
        PrintStream out = System.out;
        var screen = new ServeScreen(out, isTerminal());
        screen.starting(options);
        Serving serving = Serving.open(options.toConfig(), screen);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("shutdown")
                                .unstarted(
                                        () -> {
                                            screen.stopping();
                                            serving.close();
                                            screen.stopped();
                                            stopped.countDown();
                                        }));
        screen.card(serving.address(), serving.modelName(), options);
        stopped.await();
        return 0;
    }

    /// Whether a person watches, rather than a file or a pipe.
    @SuppressWarnings("SystemConsoleNull") // it is null when standard input is no terminal
    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }
}
