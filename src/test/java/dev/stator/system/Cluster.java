package dev.stator.system;

import dev.stator.testing.EtcdServer;
import dev.stator.testing.NatsServer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A real `nats-server`, a real `etcd`, and the processes of Stator that meet there. Closing ends
/// everything by force.
final class Cluster implements AutoCloseable {
    static final String KV_EVENTS =
            "{\"publisher\":\"zmq\",\"topic\":\"kv-events\",\"endpoint\":\"tcp://127.0.0.1:*\"}";

    final NatsServer nats;
    final EtcdServer etcd;
    private final List<StatorProcess> processes = new ArrayList<>();

    /// Skips the test when a server is not installed.
    Cluster(Path folder) {
        this.nats = NatsServer.startWithJetStream(folder);
        this.etcd = EtcdServer.start(folder);
    }

    /// A frontend on a free port, once it listens.
    StatorProcess frontend(String... flags) throws InterruptedException {
        StatorProcess frontend =
                start("frontend", List.of("--http-host", "127.0.0.1", "--http-port", "0"), flags);
        frontend.awaitLine(line -> line.contains("Ctrl-C stops"));
        return frontend;
    }

    /// A worker, once it serves.
    StatorProcess worker(String... flags) throws InterruptedException {
        StatorProcess worker = starting(flags);
        worker.awaitLine(line -> line.contains("Ctrl-C stops"));
        return worker;
    }

    /// A worker with KV events, the simulated engine and blocks of 16 tokens, once it serves.
    StatorProcess simulated(String... flags) throws InterruptedException {
        StatorProcess worker = startingSimulated(flags);
        worker.awaitLine(line -> line.contains("Ctrl-C stops"));
        return worker;
    }

    StatorProcess startingSimulated(String... flags) {
        List<String> all =
                new ArrayList<>(List.of("--engine", "simulated", "--kv-events-config", KV_EVENTS));
        all.addAll(Arrays.asList(flags));
        return starting(all.toArray(String[]::new));
    }

    private StatorProcess starting(String... flags) {
        return start("worker", List.of(), flags);
    }

    private StatorProcess start(String command, List<String> own, String... flags) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(own);
        all.addAll(
                List.of(
                        "--nats-server",
                        nats.url(),
                        "--etcd-endpoints",
                        etcd.endpoint().toString()));
        all.addAll(Arrays.asList(flags));
        StatorProcess process = StatorProcess.start(all.toArray(String[]::new));
        processes.add(process);
        return process;
    }

    @Override
    public void close() {
        processes.forEach(StatorProcess::close);
        nats.close();
        etcd.close();
    }
}
