package dev.stator.replay.offline;

import dev.stator.replay.offline.ReplayConfig.TimeModel;
import dev.stator.replay.offline.policy.PolicyChoice;
import dev.stator.replay.offline.worker.PrefillTime;
import dev.stator.replay.result.RunResult;
import dev.stator.replay.trace.Trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// One of the tables in `traces/expected/`, each of whose rows can be computed again.
enum ReferenceTable {
    /// Without time.
    HIT_RATIO("hit_ratio_replay.csv", 1e-6) {
        @Override
        Stream<Difference> compare(Row row) {
            RunResult run = row.replay(row.config());
            return Stream.of(
                    row.absolute("block_hit_ratio", run.cache().hitRatioBlocks()),
                    row.absolute("token_hit_ratio", run.cache().hitRatioTokens()),
                    row.absolute("uncached_work_max_over_mean", run.balance().workMaxOverMean()),
                    row.absolute("requests_max_over_mean", run.balance().requestsMaxOverMean()));
        }
    },
    /// One cache of many sizes.
    CAPACITY_CURVE("single_cache_capacity_curve.csv", 1e-6) {
        @Override
        Stream<Difference> compare(Row row) {
            int capacity = Integer.parseInt(row.cell("capacity_blocks"));
            return Stream.of(
                    row.absolute("block_hit_ratio", Ladders.hitRatio(row.trace(), capacity)));
        }
    },
    /// Sessions of agents without time; the ratios are given to four digits, the blocks exactly.
    AGENTIC("agentic_replay_8_workers.csv", 6e-4) {
        @Override
        Stream<Difference> compare(Row row) {
            RunResult run = row.replay(row.config().withBalanceSlack(AGENTIC_SLACK_BLOCKS));
            long uncached = run.cache().blocks() - run.cache().hitBlocks();
            return Stream.of(
                    row.relative("uncached_blocks", (double) uncached),
                    row.absolute("block_hit_ratio", run.cache().hitRatioBlocks()),
                    row.absolute("uncached_work_max_over_mean", run.balance().workMaxOverMean()),
                    row.absolute("requests_max_over_mean", run.balance().requestsMaxOverMean()));
        }
    },
    /// With time.
    PREFILL_QUEUE("prefill_queue_sim.csv", 0.01) {
        @Override
        Stream<Difference> compare(Row row) {
            var time = new PrefillTime(Double.parseDouble(row.cell("effective_flops_per_worker")));
            RunResult run = row.replay(row.config().with(new TimeModel.PrefillQueue(time)));
            return Stream.of(
                    row.relative("block_hit_ratio", run.cache().hitRatioBlocks()),
                    row.relative("ttft_mean_s", run.ttft().mean()),
                    row.relative("ttft_p50_s", run.ttft().p50()),
                    row.relative("ttft_p90_s", run.ttft().p90()),
                    row.relative("ttft_p99_s", run.ttft().p99()),
                    row.relative("work_max_over_mean", run.balance().busyMaxOverMean()),
                    row.relative("requests_max_over_mean", run.balance().requestsMaxOverMean()));
        }
    };

    private static final Path FOLDER = Path.of("traces/expected");
    private static final int AGENTIC_SLACK_BLOCKS = 2000;
    private static final int AGENTIC_WORKERS = 8;

    private final String file;
    private final double tolerance;

    ReferenceTable(String file, double tolerance) {
        this.file = file;
        this.tolerance = tolerance;
    }

    /// Computes a row again.
    abstract Stream<Difference> compare(Row row);

    String file() {
        return file;
    }

    double tolerance() {
        return tolerance;
    }

    List<Row> rows() {
        try {
            List<String> lines = Files.readAllLines(FOLDER.resolve(file));
            List<String> names = Arrays.asList(lines.getFirst().split(","));
            return lines.stream().skip(1).map(it -> Row.of(names, it)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A figure that was computed again.
    record Difference(String figure, double expected, double actual, double distance) {}

    /// One row by the names of its columns.
    record Row(String line, Map<String, String> cells) {
        static Row of(List<String> names, String line) {
            String[] values = line.split(",", -1);
            Map<String, String> cells = new HashMap<>();
            for (int i = 0; i < values.length; i++) {
                cells.put(names.get(i), values[i]);
            }
            return new Row(line, cells);
        }

        String cell(String name) {
            String value = cells.get(name);
            if (value == null) {
                throw new IllegalStateException("no column " + name);
            }
            return value;
        }

        Trace trace() {
            return cells.containsKey("prefix_mode")
                    ? Traces.agentic(cell("prefix_mode").equals("shared100"))
                    : Traces.mooncake(cell("trace").substring("mooncake/".length()));
        }

        /// Without time.
        ReplayConfig config() {
            String capacity = cell("capacity_blocks_per_worker");
            return ReplayConfig.DEFAULT
                    .with(new TimeModel.None())
                    .withWorkers(
                            cells.containsKey("workers")
                                    ? Integer.parseInt(cell("workers"))
                                    : AGENTIC_WORKERS,
                            capacity.equals("unbounded")
                                    ? Integer.MAX_VALUE
                                    : Integer.parseInt(capacity));
        }

        RunResult replay(ReplayConfig config) {
            return Replay.run(trace(), config, PolicyChoice.parse(cell("policy")).getFirst(), 1);
        }

        Difference absolute(String name, double actual) {
            double expected = Double.parseDouble(cell(name));
            return new Difference(name, expected, actual, Math.abs(actual - expected));
        }

        Difference relative(String name, double actual) {
            double expected = Double.parseDouble(cell(name));
            return new Difference(name, expected, actual, Math.abs(actual / expected - 1));
        }
    }
}
