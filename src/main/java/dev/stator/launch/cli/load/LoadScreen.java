package dev.stator.launch.cli.load;

import dev.stator.launch.cli.options.Terminal;
import dev.stator.replay.load.LoadTest;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// How far a run is, in one line that is overwritten; nothing when nobody watches.
final class LoadScreen implements AutoCloseable {
    private static final long PERIOD_MILLIS = 500;
    private static final String BLANK = "\r" + " ".repeat(90) + "\r";

    private final PrintStream out = System.err;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("load-screen").daemon().factory());

    private LoadScreen() {}

    /// @param requests of the whole run, 0 when that is not known
    static LoadScreen watch(LoadTest test, long requests) {
        var screen = new LoadScreen();
        if (Terminal.isWatched()) {
            var _ =
                    screen.timer.scheduleAtFixedRate(
                            () -> screen.print(test.progress(), requests),
                            PERIOD_MILLIS,
                            PERIOD_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
        return screen;
    }

    private void print(LoadTest.Progress progress, long requests) {
        String of = requests > 0 ? " of " + requests : "";
        out.printf(
                Locale.ROOT,
                "\r%6.1f s  %d%s ended, %d open, %d failed, %,d tokens   ",
                progress.nanos() / 1e9,
                progress.ended(),
                of,
                progress.open(),
                progress.failed(),
                progress.outputTokens());
        out.flush();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        if (Terminal.isWatched()) {
            out.print(BLANK);
            out.flush();
        }
    }
}
