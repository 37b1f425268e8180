package dev.stator.launch.processes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// An environment variable that every process of a run hands to its children, so that none is lost
/// when the one in between ends.
///
/// Where the system does not show the environment of a process, only descendants of living
/// processes are found.
record RunMark(String run) {
    static final String VARIABLE = "STATOR_RUN";

    private static final Path PROCESSES = Path.of("/proc");

    /// What `VARIABLE` is in a process and in its children.
    String value(String process) {
        return run + "/" + process;
    }

    /// What runs now of a process with everything it started, the caller itself left out.
    List<ProcessHandle> running(RunningProcess process) {
        Set<ProcessHandle> found = new LinkedHashSet<>();
        process.id()
                .running()
                .ifPresent(
                        handle -> {
                            found.add(handle);
                            handle.descendants().forEach(found::add);
                        });
        found.addAll(bearers(process.name()));
        found.removeIf(handle -> !ProcessId.isRunning(handle));
        found.remove(ProcessHandle.current());
        return List.copyOf(found);
    }

    private List<ProcessHandle> bearers(String process) {
        String entry = "\0" + VARIABLE + "=" + value(process) + "\0";
        try (Stream<Path> folders = Files.list(PROCESSES)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> name.matches("[1-9][0-9]*"))
                    .filter(pid -> environment(pid).contains(entry))
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                    .toList();
        } catch (IOException _) {
            return List.of(); // no such file system here
        }
    }

    /// Empty when it belongs to another user or has just ended.
    private static String environment(String pid) {
        try {
            byte[] entries = Files.readAllBytes(PROCESSES.resolve(pid).resolve("environ"));
            return "\0" + new String(entries, StandardCharsets.ISO_8859_1) + "\0";
        } catch (IOException _) {
            return "";
        }
    }
}
