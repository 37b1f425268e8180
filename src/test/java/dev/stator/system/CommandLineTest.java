package dev.stator.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Exit codes and messages of the command line.
class CommandLineTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --http-prt 1          | --http-port
                    --http-port abc       | abc
                    --router-mode fastest | kv, round-robin
                    --workers 0           | workers must be in [1, 1024]: 0
                    --page-size -4        | -4
                    --model-path random:x | random model must be one of
                    """)
    void wrongUsageNamesTheFlagAndExitsWithTwo(String arguments, String expected)
            throws InterruptedException {
        try (var stator = StatorProcess.start(("serve " + arguments.strip()).split(" "))) {
            assertThat(stator.exitCode()).isEqualTo(2);
            assertThat(stator.output()).contains(expected).doesNotContain("\tat ");
        }
    }

    @Test
    void aMissingModelFolderIsOneSentenceAndExitsWithOne() throws InterruptedException {
        try (var stator = StatorProcess.start("serve", "--model-path", "/no/such/folder")) {
            assertThat(stator.exitCode()).isEqualTo(1);
            assertThat(stator.output()).contains("/no/such/folder").doesNotContain("\tat ");
        }
    }

    @Test
    void ctrlCDrainsAndStops() throws InterruptedException {
        try (var stator = StatorProcess.serve("--engine", "simulated")) {
            stator.stop();

            assertThat(stator.output()).contains("stopping", "stopped");
        }
    }

    @Test
    void aTakenPortIsReportedBeforeTheModelLoads() throws InterruptedException {
        try (var first = StatorProcess.serve("--engine", "simulated")) {
            String port = first.url().substring(first.url().lastIndexOf(':') + 1);
            try (var second =
                    StatorProcess.start("serve", "--http-host", "127.0.0.1", "--http-port", port)) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.output()).contains("cannot listen on").contains(port);
            }
        }
    }
}
