package dev.stator.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

/// `stator load` against `stator serve`, as people run them.
class LoadCommandTest {
    private static StatorProcess serve;

    @BeforeAll
    static void start() throws InterruptedException {
        serve = StatorProcess.serve("--engine", "simulated");
    }

    @AfterAll
    static void stop() {
        serve.close();
    }

    @Test
    void aServerIsLoadedVerifiedAndReportedOn(@TempDir Path folder) throws Exception {
        Path rows = folder.resolve("rows.csv");
        Path page = folder.resolve("page.html");
        try (var serve = StatorProcess.serve("--engine", "simulated", "--speedup-ratio", "0");
                var load =
                        StatorProcess.start(
                                "load",
                                serve.url() + "/v1",
                                "--users",
                                "50",
                                "--requests",
                                "200",
                                "--input-tokens",
                                "96",
                                "--output-tokens",
                                "24",
                                "--prefix-tokens",
                                "64",
                                "--disconnect",
                                "10",
                                "--csv",
                                rows.toString(),
                                "--html",
                                page.toString())) {

            assertThat(load.exitCode()).as(load.output()).isZero();
            assertThat(load.output())
                    .contains("completions of token ids")
                    .contains("200 sent,", " 0 rejected, 0 failed,", " 0 unfinished")
                    .contains("every token recomputed: 0 lost, 0 repeated, 0 reordered, 0 wrong");
            assertThat(Files.readAllLines(rows)).hasSize(201);
            assertThat(Files.readString(page)).contains("stator load", "requests completed");
        }
    }

    @Test
    void aRunThatIsStoppedStillReports() throws Exception {
        try (var load =
                StatorProcess.start(
                        "load",
                        serve.url(),
                        "--rate",
                        "20",
                        "--duration",
                        "600",
                        "--input-tokens",
                        "16",
                        "--output-tokens",
                        "3")) {
            serve.awaitLine(line -> line.contains("output=3 "));
            load.stop();

            assertThat(load.output()).contains(" completed, 0 rejected, 0 failed,", "end to end");
        }
    }

    @Test
    void aServerThatIsNotThereIsOneSentence() throws Exception {
        try (var load = StatorProcess.start("load", "http://127.0.0.1:1", "--requests", "1")) {
            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.output())
                    .contains("cannot connect to http://127.0.0.1:1")
                    .doesNotContain("\tat ");
        }
    }
}
