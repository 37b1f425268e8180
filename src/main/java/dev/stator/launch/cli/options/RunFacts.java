package dev.stator.launch.cli.options;

import picocli.CommandLine.Model.CommandSpec;

import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where figures come from, for a page that outlives the run.
public final class RunFacts {
    private static final long MEBIBYTE = 1 << 20;

    private RunFacts() {}

    /// Command, version, machine and date, in this order.
    public static Map<String, String> of(CommandSpec command, Clock clock) {
        CommandSpec root = command.root();
        Runtime machine = Runtime.getRuntime();
        Map<String, String> facts = new LinkedHashMap<>();
        String arguments = String.join(" ", root.commandLine().getParseResult().originalArgs());
        facts.put("command", root.name() + " " + arguments);
        facts.put("version", String.join(" ", root.commandLine().getCommandSpec().version()));
        facts.put(
                "machine",
                "%d processors, %s %s, %s %s, heap of %d MiB at most"
                        .formatted(
                                machine.availableProcessors(),
                                System.getProperty("os.name"),
                                System.getProperty("os.arch"),
                                ManagementFactory.getRuntimeMXBean().getVmName(),
                                Runtime.version(),
                                machine.maxMemory() / MEBIBYTE));
        facts.put(
                "date",
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'")
                        .withZone(ZoneOffset.UTC)
                        .format(clock.instant()));
        return facts;
    }
}
