package dev.stator.launch.processes;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is known of one run of a topology.
///
/// @param run distinguishes this run from others; every process of it carries it
/// @param supervisor who watches the processes; absent when they were left to themselves
/// @param processes in the order of their start
public record RunState(
        String topology,
        String run,
        Optional<ProcessId> supervisor,
        List<RunningProcess> processes) {
    public RunState {
        processes = List.copyOf(processes);
    }

    /// What processes of this run carry.
    RunMark mark() {
        return new RunMark(run);
    }

    JsonObject toJson() {
        var json = new JsonObjectBuilder().put("topology", topology).put("run", run);
        supervisor.ifPresentOrElse(
                it -> json.put("supervisor", toJson(it)), () -> json.putNull("supervisor"));
        return json.putAll("processes", processes.stream().map(RunState::toJson).toList()).build();
    }

    static RunState from(JsonField json) {
        return new RunState(
                json.get("topology").string(),
                json.get("run").string(),
                json.get("supervisor").optional().map(RunState::processId),
                json.get("processes").items().stream().map(RunState::process).toList());
    }

    private static JsonObject toJson(RunningProcess process) {
        Map<String, JsonValue> ports = new LinkedHashMap<>();
        process.ports().forEach((name, port) -> ports.put(name, JsonNumber.of(port)));
        return new JsonObjectBuilder()
                .put("name", process.name())
                .put("id", toJson(process.id()))
                .putStrings("depends_on", process.dependsOn())
                .put("ports", new JsonObject(ports))
                .put("log", process.log().toString())
                .put("stop_limit_ms", process.stopLimit().toMillis())
                .put("ready", process.isReady())
                .build();
    }

    private static RunningProcess process(JsonField json) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        json.get("ports")
                .members()
                .forEach((name, port) -> ports.put(name, port.integer(1, 65_535)));
        return new RunningProcess(
                json.get("name").string(),
                processId(json.get("id")),
                json.get("depends_on").items().stream().map(JsonField::string).toList(),
                ports,
                Path.of(json.get("log").string()),
                Duration.ofMillis(json.get("stop_limit_ms").integer(0L, Integer.MAX_VALUE)),
                json.get("ready").bool());
    }

    private static JsonObject toJson(ProcessId id) {
        return new JsonObjectBuilder()
                .put("pid", id.pid())
                .put("started_ms", id.started().toEpochMilli())
                .build();
    }

    private static ProcessId processId(JsonField json) {
        return new ProcessId(
                json.get("pid").integer(1L, Long.MAX_VALUE),
                Instant.ofEpochMilli(json.get("started_ms").integer(0L, Long.MAX_VALUE)));
    }
}
