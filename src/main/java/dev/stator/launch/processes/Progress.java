package dev.stator.launch.processes;

import java.time.Duration;
import java.util.List;

/// Hears how starting and stopping goes.
public interface Progress {

    /// Which processes are being waited for, told several times a second.
    void waiting(List<String> names, int ready, int of);

    void ready(RunningProcess process, Duration after);

    void stopping(String name);

    void stopped(String name);

    /// It did not end within the limit.
    void killing(String name, Duration limit);

    /// Nothing of the topology runs any more.
    void ended(String topology);

    /// Something that a person should know, as a sentence.
    void note(String sentence);
}
