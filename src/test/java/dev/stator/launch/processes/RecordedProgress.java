package dev.stator.launch.processes;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Remembers what it is told, waiting left out.
final class RecordedProgress implements Progress {
    private final List<String> events = new CopyOnWriteArrayList<>();

    List<String> events() {
        return List.copyOf(events);
    }

    @Override
    public void waiting(List<String> names, int ready, int of) {}

    @Override
    public void ready(RunningProcess process, Duration after) {
        events.add("ready " + process.name());
    }

    @Override
    public void stopping(String name) {
        events.add("stopping " + name);
    }

    @Override
    public void stopped(String name) {
        events.add("stopped " + name);
    }

    @Override
    public void killing(String name, Duration limit) {
        events.add("killing " + name);
    }

    @Override
    public void ended(String topology) {
        events.add(topology + " ended");
    }

    @Override
    public void note(String sentence) {
        events.add(sentence);
    }
}
