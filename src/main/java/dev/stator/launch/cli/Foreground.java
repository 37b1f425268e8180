package dev.stator.launch.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/// Runs something until the process is told to stop, then closes it.
final class Foreground {
    private Foreground() {}

    /// Returns after Ctrl-C or SIGTERM, when `running` is closed.
    static void run(AutoCloseable running, PrintStream out) throws InterruptedException {
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("shutdown")
                                .unstarted(
                                        () -> {
                                            close(running, out);
                                            stopped.countDown();
                                        }));
        stopped.await();
    }

    private static void close(AutoCloseable running, PrintStream out) {
        out.println("stopping: running requests may end, new ones are refused ...");
        try {
            running.close();
            out.println("stopped");
        } catch (Exception e) {
            out.println("stopped with a failure: " + e.getMessage());
        }
    }

    /// Whether a person watches, rather than a file or a pipe.
    @SuppressWarnings("SystemConsoleNull") // it is null when standard input is no terminal
    static boolean isWatched() {
        return System.console() != null && System.console().isTerminal();
    }
}
