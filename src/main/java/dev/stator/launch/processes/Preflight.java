package dev.stator.launch.processes;

import dev.stator.launch.topology.PlannedProcess;
import dev.stator.launch.topology.PlannedProcess.Command;
import dev.stator.launch.topology.Topology;
import dev.stator.launch.topology.TopologyException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// What can be known to fail before anything is started.
final class Preflight {
    private Preflight() {}

    /// Throws `TopologyException` that names every program that is missing and every port that is
    /// taken, each with the process that needs it.
    static void check(Topology topology) {
        List<String> problems = new ArrayList<>();
        for (PlannedProcess process : topology.processes()) {
            if (process.command() instanceof Command.External(var words)) {
                checkProgram(process, words.getFirst(), problems);
            }
            process.ports().forEach((name, port) -> checkPort(process, name, port, problems));
        }
        if (!problems.isEmpty()) {
            throw new TopologyException("nothing was started: " + String.join("; ", problems));
        }
    }

    private static void checkProgram(
            PlannedProcess process, String program, List<String> problems) {
        if (Launcher.find(program, Launcher.environment(process)).isEmpty()) {
            problems.add(
                    "%s needs the program %s, which is not installed"
                            .formatted(process.name(), program));
        }
    }

    private static void checkPort(
            PlannedProcess process, String name, int port, List<String> problems) {
        if (!isFree(port)) {
            problems.add(
                    "%s needs port %d (%s), which %s uses"
                            .formatted(
                                    process.name(),
                                    port,
                                    name,
                                    PortUser.of(port).orElse("another process")));
        }
    }

    /// Free on all addresses, and on the loopback address besides: some systems let the two differ.
    private static boolean isFree(int port) {
        try (var all = new ServerSocket()) {
            all.bind(new InetSocketAddress(port));
        } catch (IOException _) {
            return false;
        }
        try (var loopback = new ServerSocket()) {
            loopback.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
