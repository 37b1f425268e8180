package dev.stator.launch.cli.options;

import java.util.concurrent.CountDownLatch;

/// Lets work end early and in order when the process is told to stop, by Ctrl-C or SIGTERM: the
/// process does not end before this is closed.
public final class StopOnSignal implements AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile Runnable stop = () -> {};
    private volatile boolean told;

    public StopOnSignal() {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(this::tell));
    }

    /// From now on `stop` makes the work end soon. It may be called twice.
    public void with(Runnable stop) {
        this.stop = stop;
        if (told) {
            stop.run();
        }
    }

    private void tell() {
        told = true;
        stop.run();
        try {
            finished.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        finished.countDown();
    }
}
