package dev.stator.launch.topology;

import dev.stator.launch.topology.PlannedProcess.Command;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonValue.JsonBoolean;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads the fields of one process.
final class ProcessReader {
    private static final Set<String> NAMES =
            Set.of(
                    "stator",
                    "flags",
                    "run",
                    "env",
                    "replicas",
                    "depends-on",
                    "ready",
                    "ports",
                    "stop-within");
    private static final Set<String> READY_NAMES =
            Set.of("http", "contains", "port", "log", "within");
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    /// Longer than a worker lets running requests end.
    private static final Duration STOP_WITHIN = Duration.ofSeconds(40);

    private static final Pattern FLAG = Pattern.compile("[a-z][a-z0-9-]*");

    private final JsonField process;
    private final Variables variables;

    ProcessReader(JsonField process, Variables variables) {
        Fields.requireKnown(process, NAMES);
        this.process = process;
        this.variables = variables;
    }

    Command command() {
        JsonField stator = process.get("stator");
        JsonField run = process.get("run");
        JsonField flags = process.get("flags");
        if (stator.isPresent() == run.isPresent()) {
            throw process.invalid("must have either 'stator' or 'run'");
        }
        if (stator.isPresent()) {
            return new Command.Stator(variables.text(stator), flags(flags));
        }
        if (flags.isPresent()) {
            throw flags.invalid("goes with 'stator'; the words of 'run' are its flags");
        }
        List<String> words = run.items().stream().map(variables::text).toList();
        if (words.isEmpty() || words.getFirst().isBlank()) {
            throw run.invalid("must begin with a program");
        }
        return new Command.External(words);
    }

    Map<String, String> environment(JsonField env) {
        Map<String, String> environment = new LinkedHashMap<>();
        Fields.members(env).forEach((name, value) -> environment.put(name, variables.text(value)));
        return environment;
    }

    Readiness readiness() {
        JsonField ready = process.get("ready");
        if (!ready.isPresent()) {
            return new Readiness.Immediate();
        }
        Fields.requireKnown(ready, READY_NAMES);
        JsonField http = ready.get("http");
        JsonField port = ready.get("port");
        JsonField log = ready.get("log");
        JsonField contains = ready.get("contains");
        if (Stream.of(http, port, log).filter(JsonField::isPresent).count() != 1) {
            throw ready.invalid("must have one of 'http', 'port' and 'log'");
        }
        if (contains.isPresent() && !http.isPresent()) {
            throw contains.invalid("goes with 'http'");
        }
        Duration within = Fields.duration(ready.get("within"), READY_WITHIN);
        if (http.isPresent()) {
            String text = contains.optional().map(variables::text).orElse("");
            return new Readiness.Http(address(http), text, within);
        }
        return port.isPresent()
                ? new Readiness.Port(port(port), within)
                : new Readiness.Log(nonEmpty(log), within);
    }

    Duration stopLimit() {
        return Fields.duration(process.get("stop-within"), STOP_WITHIN);
    }

    private List<String> flags(JsonField field) {
        List<String> flags = new ArrayList<>();
        Fields.members(field)
                .forEach(
                        (name, value) -> {
                            if (!FLAG.matcher(name).matches()) {
                                throw new JsonFieldException(
                                        value.path(), "must be a flag's name without its dashes");
                            }
                            flag(name, value, flags);
                        });
        return flags;
    }

    /// `true` is the flag alone, `false` no flag at all.
    private void flag(String name, JsonField value, List<String> flags) {
        if (value.value() instanceof JsonBoolean truth) {
            if (truth.value()) {
                flags.add("--" + name);
            }
            return;
        }
        flags.add("--" + name + "=" + variables.textOrJson(value));
    }

    private URI address(JsonField field) {
        String text = variables.text(field);
        try {
            URI address = URI.create(text);
            if ("http".equals(address.getScheme()) && address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw field.invalid("must be an http:// address (" + e.getMessage() + ")");
        }
        throw field.invalid("must be an http:// address");
    }

    private int port(JsonField field) {
        String text = variables.text(field);
        if (!text.matches("[0-9]{1,5}")) {
            throw field.invalid("must be a port");
        }
        return Integer.parseInt(text);
    }

    private String nonEmpty(JsonField field) {
        String text = variables.text(field);
        if (text.isEmpty()) {
            throw field.invalid("must not be empty");
        }
        return text;
    }
}
