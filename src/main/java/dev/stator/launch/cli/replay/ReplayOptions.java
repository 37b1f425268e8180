package dev.stator.launch.cli.replay;

import dev.stator.replay.offline.EventDelivery;
import dev.stator.replay.offline.EventDelivery.Outage;
import dev.stator.replay.offline.ReplayConfig;
import dev.stator.replay.offline.ReplayConfig.Sessions;
import dev.stator.replay.offline.ReplayConfig.TimeModel;
import dev.stator.replay.offline.policy.PolicyChoice;
import dev.stator.replay.offline.worker.BatchLimits;
import dev.stator.replay.offline.worker.PrefillTime;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The flags that say what is simulated.
final class ReplayOptions {

    private static final Pattern OUTAGE = Pattern.compile("(\\d+(?:\\.\\d+)?)-(\\d+(?:\\.\\d+)?)");

    private enum Mode {
        TIMED,
        BATCHING,
        SEQUENTIAL
    }

    @Option(
            names = "--workers",
            defaultValue = "8",
            paramLabel = "N",
            description = "Simulated workers (default: 8).")
    private int workers;

    @Option(
            names = "--capacity-tokens",
            defaultValue = "3000000",
            paramLabel = "TOKENS",
            description = "KV cache of each worker, 0 for no bound (default: 3000000).")
    private long capacityTokens;

    @Option(
            names = "--mode",
            defaultValue = "timed",
            paramLabel = "timed|batching|sequential",
            description =
                    "timed: each worker computes one prompt after the other; batching: continuous"
                            + " batching with decode; sequential: each request is done before the"
                            + " next one comes (default: timed).")
    private Mode mode = Mode.TIMED;

    @Option(
            names = "--flops",
            defaultValue = "1.25e15",
            paramLabel = "G",
            description = "Operations per second of a worker (default: 1.25e15).")
    private double flops;

    @Option(
            names = "--max-num-seqs",
            defaultValue = "256",
            paramLabel = "N",
            description = "Batching: sequences of one step (default: 256).")
    private int maxSequences;

    @Option(
            names = "--max-num-batched-tokens",
            defaultValue = "8192",
            paramLabel = "N",
            description = "Batching: tokens of one step (default: 8192).")
    private int maxBatchTokens;

    @Option(
            names = "--speedup-ratio",
            defaultValue = "1.0",
            paramLabel = "X",
            description = "Batching: how much faster than the machine imitated (default: 1.0).")
    private double speedup;

    @Option(
            names = "--speed",
            defaultValue = "1",
            paramLabel = "X",
            description = "How much faster than recorded requests arrive (default: 1).")
    private double speed;

    @Option(
            names = "--sessions",
            defaultValue = "open",
            paramLabel = "open|closed",
            description =
                    "open: turns arrive as recorded; closed: a turn waits for the answer before"
                            + " it and the client's think time (default: open).")
    private Sessions sessions = Sessions.OPEN;

    @Option(
            names = "--ttft-promise",
            defaultValue = "5",
            paramLabel = "SECONDS",
            description = "Time to the first token that counts as goodput (default: 5).")
    private double ttftPromise;

    @Option(
            names = "--event-delay",
            defaultValue = "0",
            paramLabel = "MS",
            description = "Delay of KV events on their way to the index (default: 0).")
    private double eventDelay;

    @Option(
            names = "--event-loss",
            defaultValue = "0",
            paramLabel = "FRACTION",
            description = "KV events that are lost (default: 0).")
    private double eventLoss;

    @Option(
            names = "--event-duplication",
            defaultValue = "0",
            paramLabel = "FRACTION",
            description = "KV events that arrive twice (default: 0).")
    private double eventDuplication;

    @Option(
            names = "--event-repair",
            defaultValue = "1000",
            paramLabel = "MS",
            description = "From a lost event to the repair of the index (default: 1000).")
    private double eventRepair;

    @Option(
            names = "--event-outage",
            paramLabel = "FROM-UNTIL",
            description = "Seconds between which every KV event is lost, such as 600-660.")
    private @Nullable String eventOutage;

    @Option(
            names = "--router-predicted-ttl-secs",
            paramLabel = "S",
            description = "Own decisions count S seconds besides events (default: not at all).")
    private @Nullable Double predictedTtl;

    @Option(
            names = "--balance-slack-blocks",
            defaultValue = "200",
            paramLabel = "N",
            description = "Slack of the rule balanced_prefix (default: 200).")
    private long balanceSlack;

    ReplayConfig toConfig(int blockSizeTokens) {
        return new ReplayConfig(
                time(),
                workers,
                capacityBlocks(blockSizeTokens),
                speed,
                sessions,
                new EventDelivery(
                        millis(eventDelay),
                        eventLoss,
                        eventDuplication,
                        millis(eventRepair),
                        Optional.ofNullable(eventOutage).map(ReplayOptions::outage)),
                millis(ttftPromise * 1000),
                balanceSlack);
    }

    /// As they are asked for.
    List<PolicyChoice> adapted(List<PolicyChoice> choices) {
        return predictedTtl == null
                ? choices
                : choices.stream().map(it -> it.predicting(millis(predictedTtl * 1000))).toList();
    }

    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("workers", Integer.toString(workers));
        settings.put("capacity-tokens", Long.toString(capacityTokens));
        settings.put("mode", mode.name().toLowerCase(Locale.ROOT));
        settings.put("flops", Double.toString(flops));
        settings.put("speed", Double.toString(speed));
        settings.put("sessions", sessions.name().toLowerCase(Locale.ROOT));
        settings.put("ttft-promise", Double.toString(ttftPromise));
        settings.put("event-delay", Double.toString(eventDelay));
        settings.put("event-loss", Double.toString(eventLoss));
        if (eventOutage != null) {
            settings.put("event-outage", eventOutage);
        }
        if (predictedTtl != null) {
            settings.put("router-predicted-ttl-secs", Double.toString(predictedTtl));
        }
        return settings;
    }

    private TimeModel time() {
        return switch (mode) {
            case SEQUENTIAL -> new TimeModel.None();
            case BATCHING ->
                    new TimeModel.Batching(new BatchLimits(maxSequences, maxBatchTokens, speedup));
            case TIMED -> new TimeModel.PrefillQueue(new PrefillTime(flops));
        };
    }

    private int capacityBlocks(int blockSizeTokens) {
        if (capacityTokens == 0) {
            return Integer.MAX_VALUE;
        }
        return (int) Math.min(Integer.MAX_VALUE, capacityTokens / blockSizeTokens);
    }

    private static Outage outage(String text) {
        Matcher seconds = OUTAGE.matcher(text);
        if (!seconds.matches()) {
            throw new IllegalArgumentException(
                    "event-outage must be seconds such as 600-660: \"" + text + "\"");
        }
        return new Outage(
                millis(1000 * Double.parseDouble(seconds.group(1))),
                millis(1000 * Double.parseDouble(seconds.group(2))));
    }

    private static Duration millis(double millis) {
        return Duration.ofNanos((long) (millis * 1e6));
    }
}
