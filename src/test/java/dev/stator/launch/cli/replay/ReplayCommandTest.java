package dev.stator.launch.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.replay.trace.TraceFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class ReplayCommandTest {
    private static final String TRACE = "traces/mooncake/synthetic_trace.jsonl.gz";

    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theTableHasARowPerPolicy() {
        int code = run(TRACE, "--limit-requests", "50", "--policy", "kv,round_robin");

        assertThat(code).isZero();
        assertThat(out.toString().lines())
                .anyMatch(it -> it.startsWith("kv ") && it.contains("50"))
                .anyMatch(it -> it.startsWith("round_robin "));
    }

    @Test
    void jsonHasTheFiguresOfEveryPolicy() {
        run(TRACE, "--limit-requests", "50", "--policy", "kv,blocks", "--seeds", "2", "--json");

        JsonField report = JsonField.root(Json.parse(out.toString(), JsonLimits.FILE));
        List<JsonField> policies = report.get("policies").items();
        assertThat(policies).hasSize(2);
        for (JsonField policy : policies) {
            assertThat(policy.members())
                    .containsKeys(
                            "policy",
                            "requests",
                            "hit_ratio_blocks",
                            "work_max_over_mean",
                            "ttft_mean_s",
                            "ttft_p99_s",
                            "rejected",
                            "failed");
            assertThat(policy.get("requests").integer(0, 1_000)).isEqualTo(50);
            assertThat(policy.get("runs").items()).hasSize(2);
        }
    }

    @Test
    void filesAreWrittenBesideTheTable() throws IOException {
        Path csv = folder.resolve("result.csv");
        Path html = folder.resolve("result.html");
        Path trace = folder.resolve("part.jsonl.gz");

        run(
                TRACE,
                "--limit-requests",
                "50",
                "--seeds",
                "3",
                "--policy",
                "kv", //
                "--csv",
                csv.toString(),
                "--html",
                html.toString(),
                "--export",
                trace.toString());

        assertThat(Files.readAllLines(csv)).hasSize(4);
        assertThat(html).content().contains("<svg");
        assertThat(TraceFile.read(trace).requests()).hasSize(50);
    }

    @Test
    void madeTracesComeFromTheirSeed() {
        run("b2b", "--seconds", "5", "--policy", "kv", "--mode", "sequential");
        String first = out.toString();
        out.getBuffer().setLength(0);
        run("b2b", "--seconds", "5", "--policy", "kv", "--mode", "sequential", "--seed", "2");

        assertThat(out.toString()).isNotEqualTo(first);
    }

    @Test
    void predictionBridgesTheTimeUntilEventsCome() {
        String[] late = {
            "siblings",
            "--seconds=30",
            "--rate=8",
            "--policy=kv",
            "--flops=1e16",
            "--event-delay=500"
        };
        run(late);
        double without = hits();
        run(
                Stream.concat(Stream.of(late), Stream.of("--router-predicted-ttl-secs=2"))
                        .toArray(String[]::new));

        assertThat(hits()).isGreaterThan(without + 0.1);
    }

    /// Of the last table.
    private double hits() {
        String last = out.toString().lines().toList().getLast();
        return Double.parseDouble(last.split(" +", -1)[2]);
    }

    @Test
    void badValuesAreWrongUsage() {
        assertThat(run(TRACE, "--policy", "kw")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("\"kw\"; the nearest is kv");
        for (String bad :
                List.of(
                        "--workers=0",
                        "--speed=-1",
                        "--capacity-tokens=-1",
                        "--seeds=0",
                        "--flops=0",
                        "--event-loss=2",
                        "--event-delay=-5",
                        "--event-outage=60",
                        "--event-outage=60-30",
                        "--router-predicted-ttl-secs=0",
                        "--limit-requests=0",
                        "--limit-sessions=5",
                        "--mode=fast")) {
            assertThat(run(TRACE, bad)).as(bad).isEqualTo(CommandLine.ExitCode.USAGE);
        }
    }

    private int run(String... arguments) {
        return new CommandLine(new ReplayCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
    }
}
