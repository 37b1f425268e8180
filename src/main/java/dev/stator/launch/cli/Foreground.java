package dev.stator.launch.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/// What runs until the process is told to stop, by Ctrl-C or SIGTERM, and is closed then.
final class Foreground {
    private final AutoCloseable running;
    private final PrintStream out;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Foreground(AutoCloseable running, PrintStream out) {
        this.running = running;
        this.out = out;
    }

    /// From here on it is closed when the process is told to stop.
    static Foreground of(AutoCloseable running, PrintStream out) {
        var foreground = new Foreground(running, out);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(foreground::close));
        return foreground;
    }

    /// Returns when it is closed.
    void await() throws InterruptedException {
        stopped.await();
    }

    private void close() {
        out.println("stopping: running requests may end, new ones are refused ...");
        try {
            running.close();
            out.println("stopped");
        } catch (Exception e) {
            out.println("stopped with a failure: " + e.getMessage());
        } finally {
            stopped.countDown();
        }
    }
}
