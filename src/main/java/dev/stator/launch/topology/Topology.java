package dev.stator.launch.topology;

import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.Yaml;
import dev.stator.platform.codec.YamlDocument;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Processes that belong together, on this machine.
///
/// @param name of the file, without its extension
/// @param processes each behind those it depends on
public record Topology(String name, List<PlannedProcess> processes) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

    public Topology {
        processes = List.copyOf(processes);
    }

    /// What a file's variables may refer to besides the file itself.
    ///
    /// @param scratch holds an empty folder for each process
    /// @param environment of this process
    public record Surroundings(Path scratch, Map<String, String> environment) {
        public Surroundings {
            environment = Map.copyOf(environment);
        }
    }

    /// The name that a topology in `file` has.
    public static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
        if (!NAME.matcher(name).matches()) {
            throw new TopologyException(
                    "a topology is called as its file, and '%s' has other characters than %s"
                            .formatted(name, "letters, digits, '.', '_' and '-'"));
        }
        return name;
    }

    /// Throws `TopologyException` that names file, line, field and value.
    public static Topology read(Path file, Surroundings surroundings) {
        String name = nameOf(file);
        YamlDocument document = parse(file);
        try {
            return new Topology(
                    name,
                    new TopologyReader(JsonField.root(document.value()), surroundings).read());
        } catch (JsonFieldException e) {
            throw new TopologyException(
                    file + ":" + document.line(e.path()) + ": " + e.getMessage());
        }
    }

    private static YamlDocument parse(Path file) {
        try {
            return Yaml.parse(Files.readString(file), JsonLimits.CONFIGURATION);
        } catch (IOException e) {
            throw new TopologyException(
                    Files.exists(file)
                            ? "cannot read " + file + ": " + e
                            : "no such file: " + file);
        } catch (JsonException e) {
            throw new TopologyException(file + ": " + e.getMessage());
        }
    }
}
