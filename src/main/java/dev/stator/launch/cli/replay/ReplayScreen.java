package dev.stator.launch.cli.replay;

import dev.stator.replay.offline.ReplayWatch;

import java.io.PrintStream;

/// How far a replay is, in one line that is overwritten when somebody watches; ends it when the
/// process is told to stop.
final class ReplayScreen implements ReplayWatch {
    private static final String BLANK = "\r" + " ".repeat(60) + "\r";
    private static final int LINES_PER_RUN = 50;

    private final PrintStream out;
    private final boolean isWatched;
    private volatile boolean isStopped;

    ReplayScreen(PrintStream out) {
        this.out = out;
        this.isWatched = isTerminal();
    }

    /// No further run begins, and the present one ends with what it has.
    void stop() {
        isStopped = true;
    }

    boolean isStopped() {
        return isStopped;
    }

    @Override
    public boolean goesOn(String run, int arrived, int requests) {
        if (isWatched && arrived % Math.max(1, requests / LINES_PER_RUN) == 0) {
            out.printf("\r%-30s %d of %d", run, arrived, requests);
            out.flush();
        }
        return !isStopped;
    }

    void clear() {
        if (isWatched) {
            out.print(BLANK);
            out.flush();
        }
    }

    @SuppressWarnings("SystemConsoleNull") // it is null when standard input is no terminal
    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }
}
