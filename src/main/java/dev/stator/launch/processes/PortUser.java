package dev.stator.launch.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds who listens on a port, where the system shows it and to whom it does.
final class PortUser {
    private static final Path PROCESSES = Path.of("/proc");
    private static final List<String> TABLES = List.of("net/tcp", "net/tcp6");
    private static final String LISTENING = "0A";
    private static final int COMMAND_CHARS_MAX = 60;

    private PortUser() {}

    /// Such as `pid 4711 (nats-server -p 4222)`.
    static Optional<String> of(int port) {
        return TABLES.stream()
                .flatMap(table -> sockets(PROCESSES.resolve(table), port))
                .flatMap(socket -> owner(socket).stream())
                .map(PortUser::describe)
                .findFirst();
    }

    /// Columns of the table: 1 local address and port in hexadecimal, 3 state, 9 inode.
    private static Stream<String> sockets(Path table, int port) {
        String end = ":%04X".formatted(port);
        return lines(table).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(it -> it.length > 9 && it[1].endsWith(end) && it[3].equals(LISTENING))
                .map(it -> "socket:[" + it[9] + "]");
    }

    private static Optional<ProcessHandle> owner(String socket) {
        return ProcessHandle.allProcesses().filter(it -> holds(it.pid(), socket)).findFirst();
    }

    private static boolean holds(long pid, String socket) {
        try (Stream<Path> open = Files.list(PROCESSES.resolve(Long.toString(pid)).resolve("fd"))) {
            return open.anyMatch(it -> target(it).equals(socket));
        } catch (IOException _) {
            return false; // another user's, or it ended
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return "";
        }
    }

    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table);
        } catch (IOException _) {
            return List.of();
        }
    }

    private static String describe(ProcessHandle handle) {
        String command =
                handle.info()
                        .commandLine()
                        .orElseGet(() -> handle.info().command().orElse("unknown program"));
        String shown =
                command.length() <= COMMAND_CHARS_MAX
                        ? command
                        : command.substring(0, COMMAND_CHARS_MAX) + "…";
        return "pid %d (%s)".formatted(handle.pid(), shown);
    }
}
