package dev.stator.launch.cli.topology;

import dev.stator.launch.cli.options.Terminal;
import dev.stator.launch.processes.Progress;
import dev.stator.launch.processes.RunningProcess;
import dev.stator.launch.topology.Topology;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What `up` and `down` print. What a person would watch is printed on a terminal only; there, one
/// line that is overwritten says what is being waited for.
final class TopologyScreen implements Progress {
    private static final int NAMES_MAX = 4;
    private static final long REDRAW_NANOS = 100_000_000;
    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal = Terminal.isWatched();
    private final long startNanos = System.nanoTime();
    private long drawnNanos = startNanos - REDRAW_NANOS;
    private boolean statusShown;

    TopologyScreen(PrintStream out) {
        this.out = out;
    }

    void starting(Topology topology) {
        watched(
                "starting %s: %d processes"
                        .formatted(topology.name(), topology.processes().size()));
    }

    @Override
    public void waiting(List<String> names, int ready, int of) {
        long now = System.nanoTime();
        if (!terminal || now - drawnNanos < REDRAW_NANOS) {
            return;
        }
        drawnNanos = now;
        statusShown = true;
        out.printf(
                "%s  %d of %d ready, %.0f s, waiting for %s",
                ERASE_LINE, ready, of, elapsedSeconds(), shortList(names));
        out.flush();
    }

    @Override
    public void ready(RunningProcess process, Duration after) {
        watched("  %-16s ready after %.1f s".formatted(process.name(), after.toMillis() / 1e3));
    }

    void started(String name, List<RunningProcess> processes) {
        line("%s is ready after %.1f s".formatted(name, elapsedSeconds()));
        out.print(new ProcessTable(processes, Instant.now()).text().indent(2));
    }

    void left(String name) {
        line("It is left running; 'stator down " + name + "' stops it.");
    }

    void watching() {
        line("Ctrl-C stops.");
    }

    @Override
    public void stopping(String name) {
        watched("  stopping " + name);
    }

    @Override
    public void stopped(String name) {
        watched("  stopped  " + name);
    }

    @Override
    public void killing(String name, Duration limit) {
        note("%s did not stop within %s and is killed".formatted(name, seconds(limit)));
    }

    @Override
    public void ended(String topology) {
        line(topology + " is stopped");
    }

    @Override
    public void note(String sentence) {
        line("  " + sentence);
    }

    private void watched(String text) {
        if (terminal) {
            line(text);
        }
    }

    private void line(String text) {
        if (statusShown) {
            out.print(ERASE_LINE);
            statusShown = false;
        }
        out.println(text);
        out.flush();
    }

    private double elapsedSeconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1e3 + " s";
    }

    private static String shortList(List<String> names) {
        int more = names.size() - NAMES_MAX;
        return more <= 0
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, NAMES_MAX)) + " and " + more + " more";
    }
}
