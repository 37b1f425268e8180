package dev.stator.launch.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.launch.topology.PlannedProcess.Command;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class TopologyTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("HOME", "/home/ada");

    @TempDir private Path folder;

    @Test
    void flagsOfACommandAreTextOrJson() throws IOException {
        assertThat(worker().command())
                .isEqualTo(
                        new Command.Stator(
                                "worker",
                                List.of(
                                        "--model-path=/home/ada/model",
                                        "--page-size=16",
                                        "--router-track-output-blocks",
                                        "--kv-events-config={\"publisher\":\"zmq\","
                                                + "\"endpoint\":\"tcp://*:5557\"}")));
    }

    @Test
    void everythingElseAProcessMaySay() throws IOException {
        PlannedProcess worker = worker();

        assertThat(worker.name()).isEqualTo("worker");
        assertThat(worker.environment())
                .isEqualTo(
                        Map.of(
                                "LOG", "debug",
                                "NATS_SERVER", "nats://localhost:4222",
                                "WHO", "worker"));
        assertThat(worker.dependsOn()).containsExactly("nats");
        assertThat(worker.ports()).isEqualTo(Map.of("events", 5557));
        assertThat(worker.readiness())
                .isEqualTo(
                        new Readiness.Http(
                                URI.create("http://localhost:5557/x"),
                                "ok",
                                Duration.ofSeconds(90)));
        assertThat(worker.stopLimit()).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void theWordsOfAProgramAreTextWithVariables() throws IOException {
        PlannedProcess nats =
                read("""
                processes:
                  nats:
                    run: [nats, "${port.nats}", "${scratch}/js", 7, true, "$${HOME}"]
                    ports: {nats: 4222}
                """)
                        .processes()
                        .getFirst();

        assertThat(nats.command())
                .isEqualTo(
                        new Command.External(
                                List.of(
                                        "nats",
                                        "4222",
                                        folder.resolve("scratch/nats/js").toString(),
                                        "7",
                                        "true",
                                        "${HOME}")));
        assertThat(nats.readiness()).isEqualTo(new Readiness.Immediate());
    }

    @Test
    void theNameIsThatOfTheFile() throws IOException {
        assertThat(read("processes: {a: {run: [x]}}").name()).isEqualTo("fleet");
        assertThat(Topology.nameOf(Path.of("dir.d/two-workers.yml"))).isEqualTo("two-workers");
        assertThat(Topology.nameOf(Path.of("two-workers"))).isEqualTo("two-workers");
        assertThatThrownBy(() -> Topology.nameOf(Path.of("/tmp/a b.yaml")))
                .isInstanceOf(TopologyException.class)
                .hasMessageContaining("'a b'");
    }

    @Test
    void replicasHaveTheirOwnIndexNameAndPorts() throws IOException {
        Topology topology =
                read(
                        """
                        processes:
                          front: {run: [front], depends-on: [worker]}
                          worker:
                            run: [w, "${index}", "${name}", "${port.events}", "${port.admin}"]
                            replicas: 3
                            ports: {events: 5557, admin: 7000}
                            ready: {port: "${port.admin}"}
                        """);

        assertThat(topology.processes())
                .extracting(PlannedProcess::command)
                .containsExactly(
                        new Command.External(List.of("w", "1", "worker-1", "5557", "7000")),
                        new Command.External(List.of("w", "2", "worker-2", "5558", "7001")),
                        new Command.External(List.of("w", "3", "worker-3", "5559", "7002")),
                        new Command.External(List.of("front")));
        assertThat(topology.processes().get(2).readiness())
                .isEqualTo(new Readiness.Port(7002, Duration.ofMinutes(2)));
        assertThat(topology.processes().getLast().dependsOn())
                .containsExactly("worker-1", "worker-2", "worker-3");
    }

    @Test
    void aPortBelongsFirstToItsOwnProcess() throws IOException {
        Topology topology =
                read(
                        """
                        processes:
                          a: {run: [a, "${port.http}"], ports: {http: 8001}}
                          b: {run: [b, "${port.http}"], ports: {http: 8002}}
                        """);

        assertThat(topology.processes())
                .extracting(PlannedProcess::command)
                .containsExactly(
                        new Command.External(List.of("a", "8001")),
                        new Command.External(List.of("b", "8002")));
    }

    @Test
    void processesStandBehindThoseTheyDependOnAndOtherwiseAsInTheFile() throws IOException {
        Topology topology =
                read(
                        """
                        processes:
                          z: {run: [x]}
                          front: {run: [x], depends-on: [etcd, nats]}
                          worker: {run: [x], depends-on: [front]}
                          nats: {run: [x]}
                          etcd: {run: [x], depends-on: [nats]}
                        """);

        assertThat(topology.processes())
                .extracting(PlannedProcess::name)
                .containsExactly("z", "nats", "etcd", "front", "worker");
    }

    @ParameterizedTest
    @CsvFileSource(resources = "complaints.txt", delimiter = '|', quoteCharacter = '`')
    void aComplaintNamesTheFieldAndTheValue(String text, String complaint) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(TopologyException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void aComplaintNamesTheLine() {
        assertThatThrownBy(
                        () ->
                                read(
                                        """
                                        processes:
                                          a:
                                            run: [x]
                                            ready:
                                              within: soon
                                              port: 1
                                        """))
                .hasMessage(
                        folder.resolve("fleet.yaml")
                                + ":5: 'processes.a.ready.within' must be a duration such as"
                                + " 500ms, 30s or 2m: \"soon\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a → b → c → a", "a → a"})
    void aCircleIsShown(String circle) {
        var text = new StringBuilder("processes:\n  start: {run: [x], depends-on: [a]}\n");
        List<String> names = List.of(circle.split(" → "));
        for (int i = 0; i + 1 < names.size(); i++) {
            text.append(
                    "  %s: {run: [x], depends-on: [%s]}%n"
                            .formatted(names.get(i), names.get(i + 1)));
        }

        assertThatThrownBy(() -> read(text.toString()))
                .hasMessageContaining("depends-on[0]' closes a circle, " + circle);
    }

    @Test
    void aPortOfReplicasHasNoSingleValueElsewhere() {
        assertThatThrownBy(
                        () ->
                                read(
                                        """
                                        processes:
                                          a: {run: [a], replicas: 2, ports: {events: 5557}}
                                          b: {run: [b, "${port.events}"]}
                                        """))
                .hasMessageContaining(
                        "'processes.b.run[1]' has the unknown variable 'port.events'");
    }

    @Test
    void theExamplesAreTopologies() throws IOException {
        try (var files = Files.list(Path.of("examples"))) {
            assertThat(files.filter(it -> it.toString().endsWith(".yaml")).map(this::read))
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allMatch(topology -> topology.processes().size() >= 4);
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> read(folder.resolve("none.yaml")))
                .isInstanceOf(TopologyException.class)
                .hasMessage("no such file: " + folder.resolve("none.yaml"));
    }

    private PlannedProcess worker() throws IOException {
        String text =
                """
                env: {LOG: info, NATS_SERVER: "nats://localhost:${port.nats}"}
                processes:
                  worker:
                    stator: worker
                    flags:
                      model-path: ${env.HOME}/model
                      page-size: 16
                      router-track-output-blocks: true
                      router-replica-sync: false
                      kv-events-config: {publisher: zmq, endpoint: "tcp://*:${port.events}"}
                    env: {LOG: debug, WHO: "${name}"}
                    depends-on: [nats]
                    ports: {events: 5557}
                    ready: {http: "http://localhost:${port.events}/x", contains: ok, within: 90s}
                    stop-within: 1500ms
                  nats: {run: [nats-server], ports: {nats: 4222}}
                """;
        return read(text).processes().get(1);
    }

    private Topology read(String text) throws IOException {
        return read(Files.writeString(folder.resolve("fleet.yaml"), text));
    }

    private Topology read(Path file) {
        return Topology.read(
                file, new Topology.Surroundings(folder.resolve("scratch"), ENVIRONMENT));
    }
}
