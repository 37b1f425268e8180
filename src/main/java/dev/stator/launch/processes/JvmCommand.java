package dev.stator.launch.processes;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command line that starts a JVM like this one: the same Java, flags, class path and cache.
public record JvmCommand(List<String> words) {
    public JvmCommand {
        words = List.copyOf(words);
    }

    /// @param mainClass of this program
    public static JvmCommand current(String mainClass) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(JvmCommand::isShareable)
                .forEach(words::add);
        words.add("-cp");
        words.add(System.getProperty("java.class.path"));
        words.add(mainClass);
        return new JvmCommand(words);
    }

    List<String> with(String command, List<String> flags) {
        List<String> all = new ArrayList<>(words);
        all.add(command);
        all.addAll(flags);
        return all;
    }

    /// A debugger's port and a file being recorded belong to one JVM only.
    private static boolean isShareable(String flag) {
        return !flag.startsWith("-agentlib:jdwp") && !flag.startsWith("-XX:AOTCacheOutput");
    }
}
