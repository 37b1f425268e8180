package dev.stator.launch.cli.topology;

import dev.stator.launch.processes.RunningProcess;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Processes as a table for people, and as JSON for programs.
///
/// @param now for how long they run
record ProcessTable(List<RunningProcess> processes, Instant now) {
    private static final List<String> HEADER =
            List.of("NAME", "PID", "STATE", "UPTIME", "PORTS", "LOG");

    String text() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        processes.forEach(process -> rows.add(row(process)));
        int[] widths =
                IntStream.range(0, HEADER.size()).map(column -> width(rows, column)).toArray();
        return rows.stream()
                .map(row -> line(row, widths).stripTrailing() + "\n")
                .collect(Collectors.joining());
    }

    List<JsonObject> json() {
        return processes.stream().map(this::json).toList();
    }

    /// As short as `5s`, `3m05s`, `2h10m`.
    static String shortly(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        return seconds < 3600
                ? "%dm%02ds".formatted(seconds / 60, seconds % 60)
                : "%dh%02dm".formatted(seconds / 3600, seconds / 60 % 60);
    }

    private List<String> row(RunningProcess process) {
        boolean ended = process.phase() == RunningProcess.Phase.ENDED;
        return List.of(
                process.name(),
                Long.toString(process.id().pid()),
                phase(process),
                ended ? "-" : shortly(uptime(process)),
                ports(process),
                shown(process.log()));
    }

    private JsonObject json(RunningProcess process) {
        Map<String, JsonValue> ports = new LinkedHashMap<>();
        process.ports().forEach((name, port) -> ports.put(name, JsonNumber.of(port)));
        return new JsonObjectBuilder()
                .put("name", process.name())
                .put("pid", process.id().pid())
                .put("state", phase(process))
                .put("started", process.id().started().toString())
                .put("uptime_seconds", uptime(process).toSeconds())
                .put("ports", new JsonObject(ports))
                .put("log", process.log().toString())
                .build();
    }

    private static String phase(RunningProcess process) {
        return process.phase().name().toLowerCase(Locale.ROOT);
    }

    /// Zero when it ended.
    private Duration uptime(RunningProcess process) {
        return process.phase() == RunningProcess.Phase.ENDED
                ? Duration.ZERO
                : Duration.between(process.id().started(), now);
    }

    private static String ports(RunningProcess process) {
        return process.ports().isEmpty()
                ? "-"
                : process.ports().entrySet().stream()
                        .map(port -> port.getKey() + " " + port.getValue())
                        .collect(Collectors.joining(", "));
    }

    /// Relative to the working directory when it is below it.
    private static String shown(Path log) {
        Path here = Path.of("").toAbsolutePath();
        return log.startsWith(here) ? here.relativize(log).toString() : log.toString();
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            line.append(cell).repeat(' ', widths[column] - cell.length() + 2);
        }
        return line.toString();
    }
}
