package dev.stator.launch.topology;

import dev.stator.platform.codec.JsonField;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Puts processes behind those they depend on, and otherwise leaves them as they stand in the file.
final class StartOrder {
    private final Map<String, JsonField> processes;
    private final Set<String> ordered = new LinkedHashSet<>();
    private final List<String> open = new ArrayList<>();

    private StartOrder(Map<String, JsonField> processes) {
        this.processes = processes;
    }

    static List<String> of(Map<String, JsonField> processes) {
        var order = new StartOrder(processes);
        processes.forEach(order::add);
        return List.copyOf(order.ordered);
    }

    /// Recursion is bounded by the number of processes.
    private void add(String name, JsonField process) {
        if (ordered.contains(name)) {
            return;
        }
        open.add(name);
        for (JsonField dependency : Fields.items(process.get("depends-on"))) {
            String other = dependency.string();
            JsonField otherProcess = processes.get(other);
            if (otherProcess == null) {
                throw dependency.invalid("must be one of " + String.join(", ", processes.keySet()));
            }
            if (open.contains(other)) {
                throw dependency.invalid("closes a circle, " + circle(other));
            }
            add(other, otherProcess);
        }
        open.removeLast();
        ordered.add(name);
    }

    private String circle(String name) {
        return String.join(" → ", open.subList(open.indexOf(name), open.size())) + " → " + name;
    }
}
