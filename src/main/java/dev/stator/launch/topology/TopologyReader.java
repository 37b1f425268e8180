package dev.stator.launch.topology;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Turns a document into processes in the order of their start. Used once.
///
/// Throws `JsonFieldException` that names the field.
final class TopologyReader {
    private static final int PROCESSES_MAX = 512;
    private static final int PORT_MAX = 65_535;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");

    private final JsonField root;
    private final Topology.Surroundings surroundings;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<Integer, String> portUsers = new HashMap<>();

    /// A process of the file.
    ///
    /// @param ports of its first replica
    private record Entry(String name, JsonField field, int replicas, Map<String, Integer> ports) {

        /// @param index from 1
        String processName(int index) {
            return replicas == 1 ? name : name + "-" + index;
        }

        List<String> processNames() {
            return IntStream.rangeClosed(1, replicas).mapToObj(this::processName).toList();
        }
    }

    TopologyReader(JsonField root, Topology.Surroundings surroundings) {
        this.root = root;
        this.surroundings = surroundings;
    }

    List<PlannedProcess> read() {
        Fields.requireKnown(root, Set.of("env", "processes"));
        Map<String, JsonField> processes = root.get("processes").members();
        if (processes.isEmpty() || processes.size() > PROCESSES_MAX) {
            throw root.get("processes").invalid("must be 1 to " + PROCESSES_MAX + " processes");
        }
        for (String name : StartOrder.of(processes)) {
            entries.put(name, entry(name, root.get("processes").get(name)));
        }
        requireDistinct();
        Map<String, Integer> shared = sharedPorts();
        List<PlannedProcess> planned = new ArrayList<>();
        for (Entry entry : entries.values()) {
            for (int index = 1; index <= entry.replicas(); index++) {
                planned.add(read(entry, index, shared));
            }
        }
        return planned;
    }

    private static Entry entry(String name, JsonField process) {
        if (!NAME.matcher(name).matches()) {
            throw new JsonFieldException(
                    process.path(), "must be named by lower-case letters, digits and '-'");
        }
        Map<String, Integer> ports = new LinkedHashMap<>();
        Fields.members(process.get("ports"))
                .forEach((port, first) -> ports.put(port, first.integer(1, PORT_MAX)));
        return new Entry(
                name, process, process.get("replicas").integerOr(1, 1, PROCESSES_MAX), ports);
    }

    /// `worker` in two replicas and a process called `worker-1` would share a log.
    private void requireDistinct() {
        Set<String> names = new HashSet<>();
        for (Entry entry : entries.values()) {
            for (String name : entry.processNames()) {
                if (!names.add(name)) {
                    throw new JsonFieldException(
                            entry.field().path(), "makes a second process called " + name);
                }
            }
        }
        if (names.size() > PROCESSES_MAX) {
            throw new JsonFieldException(
                    "processes",
                    "must be at most " + PROCESSES_MAX + " with their replicas: " + names.size());
        }
    }

    /// The ports that every process may name: those that only one process has.
    private Map<String, Integer> sharedPorts() {
        Map<String, Integer> shared = new HashMap<>();
        Set<String> ambiguous = new HashSet<>();
        for (Entry entry : entries.values()) {
            entry.ports()
                    .forEach(
                            (name, port) -> {
                                if (shared.put(name, port) != null || entry.replicas() > 1) {
                                    ambiguous.add(name);
                                }
                            });
        }
        shared.keySet().removeAll(ambiguous);
        return shared;
    }

    private PlannedProcess read(Entry entry, int index, Map<String, Integer> sharedPorts) {
        Map<String, Integer> ports = claimPorts(entry, index);
        Map<String, Integer> knownPorts = new HashMap<>(sharedPorts);
        knownPorts.putAll(ports);
        Variables variables = variables(entry.processName(index), index, knownPorts);
        var reader = new ProcessReader(entry.field(), variables);
        Map<String, String> environment = reader.environment(root.get("env"));
        environment.putAll(reader.environment(entry.field().get("env")));
        return new PlannedProcess(
                entry.processName(index),
                reader.command(),
                environment,
                dependencies(entry),
                reader.readiness(),
                ports,
                reader.stopLimit());
    }

    private Map<String, Integer> claimPorts(Entry entry, int index) {
        Map<String, Integer> claimed = new LinkedHashMap<>();
        for (var port : entry.ports().entrySet()) {
            JsonField field = entry.field().get("ports").get(port.getKey());
            int number = port.getValue() + index - 1;
            if (number > PORT_MAX) {
                throw field.invalid("is too high for " + entry.replicas() + " replicas");
            }
            String user = entry.processName(index) + " (" + port.getKey() + ")";
            String other = portUsers.putIfAbsent(number, user);
            if (other != null) {
                throw field.invalid(
                        "gives port %d to %s, which %s has".formatted(number, user, other));
            }
            claimed.put(port.getKey(), number);
        }
        return claimed;
    }

    private Variables variables(String process, int index, Map<String, Integer> ports) {
        Map<String, String> values = new HashMap<>();
        ports.forEach((name, port) -> values.put("port." + name, port.toString()));
        values.put("index", Integer.toString(index));
        values.put("name", process);
        values.put("scratch", surroundings.scratch().resolve(process).toString());
        return new Variables(values, surroundings.environment());
    }

    /// Replicas of what it depends on, all of which stand before it.
    private List<String> dependencies(Entry entry) {
        Set<String> names = new HashSet<>();
        Fields.items(entry.field().get("depends-on")).forEach(it -> names.add(it.string()));
        return entries.values().stream()
                .filter(it -> names.contains(it.name()))
                .flatMap(it -> it.processNames().stream())
                .toList();
    }
}
