package dev.stator.launch.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.launch.fleet.CacheKnowledge;
import dev.stator.launch.fleet.CacheKnowledge.ByDecisions;
import dev.stator.launch.fleet.CacheKnowledge.ByEvents;
import dev.stator.launch.fleet.CacheKnowledge.None;
import dev.stator.launch.fleet.Fleets;
import dev.stator.routing.CostModel;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.cost.BlockPrices;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Dynamo's flags and what they mean here, line by line.
class RouterOptionsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --router-mode=direct                         | mode=direct
                    --router-mode=round-robin                    | mode=round-robin
                    --router-mode=device-aware-weighted          | mode=device-aware-weighted
                    --encoder-cuda-to-cpu-ratio=4                | ratio=4
                    --router-temperature=0.5                     | temperature=0.5
                    --router-kv-overlap-score-credit=0.5         | c=0.5
                    --router-kv-overlap-score-credit=0           | c=0.0 caches=none
                    --router-kv-overlap-score-credit-decay=2     | d=2.0
                    --router-prefill-load-scale=3                | p=3.0
                    --router-host-cache-hit-weight=0.5           | h=0.5
                    --router-disk-cache-hit-weight=0.5           | k=0.5
                    --router-decode-active-request-weight=0.5    | r=0.5
                    --router-kv-overlap-score-weight=2           | p=2.0
                    --kv-overlap-score-weight=2                  | p=2.0
                    --router-kv-overlap-score-weight=0           | p=0.0 c=0.0 caches=none
                    --load-aware                                 | c=0.0 reuse=false caches=none
                    --load-aware --router-mode=random            | c=0.0 reuse=false caches=none
                    --router-track-active-blocks                 |
                    --no-router-track-active-blocks              | active=false
                    --router-track-output-blocks                 | output=true
                    --no-router-track-prefill-tokens             | prefill=false
                    --no-router-assume-kv-reuse                  | reuse=false
                    --router-active-sequence-stride=4            | stride=4
                    --router-prefill-load-model=none             |
                    --router-kv-events                           |
                    --no-router-kv-events                        | caches=PT2M
                    --no-router-kv-events --router-ttl-secs=0.5  | caches=PT0.5S
                    --no-router-kv-events --router-approximate-cache-policy=lru | caches=lru
                    --router-predicted-ttl-secs=5                | caches=events+PT5S
                    --kv-index-bytes-max=1048576                 | index=1048576
                    --no-router-kv-events --kv-index-bytes-max=2000000 | caches=PT2M index=2000000
                    --router-session-affinity-ttl-secs=60        | affinity=PT1M HARD
                    --router-session-affinity-ttl-secs=1 --router-session-affinity-mode=soft \
                                                                 | affinity=PT1S SOFT
                    """)
    void aFlagChangesWhatItNamesAndNothingElse(String flags, String changes) {
        String all = "--router-cost-model=blocks " + flags;
        assertThat(changes(parse(Map.of(), all.split(" "))))
                .isEqualTo(changes == null ? "" : changes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    DYN_ROUTER_MODE=direct                         | mode=direct
                    DYN_ENCODER_CUDA_TO_CPU_RATIO=4                | ratio=4
                    DYN_ROUTER_TEMPERATURE=0.5                     | temperature=0.5
                    DYN_ROUTER_KV_OVERLAP_SCORE_CREDIT=0.5         | c=0.5
                    DYN_ROUTER_KV_OVERLAP_SCORE_WEIGHT=2           | p=2.0
                    DYN_ROUTER_PREFILL_LOAD_SCALE=3                | p=3.0
                    DYN_ROUTER_LOAD_AWARE=true                     | c=0.0 reuse=false caches=none
                    DYN_ROUTER_USE_KV_EVENTS=false                 | caches=PT2M
                    DYN_ROUTER_TRACK_ACTIVE_BLOCKS=0               | active=false
                    DYN_ROUTER_TRACK_OUTPUT_BLOCKS=1               | output=true
                    DYN_ROUTER_ASSUME_KV_REUSE=off                 | reuse=false
                    DYN_ROUTER_TRACK_PREFILL_TOKENS=false          | prefill=false
                    DYN_ROUTER_ACTIVE_SEQUENCE_STRIDE=4            | stride=4
                    DYN_ROUTER_PREDICTED_TTL_SECS=5                | caches=events+PT5S
                    DYN_KV_INDEX_BYTES_MAX=1048576                 | index=1048576
                    DYN_ROUTER_SESSION_AFFINITY_TTL_SECS=60        | affinity=PT1M HARD
                    """)
    void aVariableDoesWhatItsFlagDoes(String variable, String changes) {
        String[] parts = variable.split("=", 2);
        Fleets.Settings settings = parse(Map.of(parts[0], parts[1]), "--router-cost-model=blocks");
        assertThat(changes(settings)).isEqualTo(changes);
    }

    @Test
    void theCostOfTimeLooksAtCachesWhateverTheCreditIs() {
        assertThat(parse(Map.of(), "--router-kv-overlap-score-credit=0").caches())
                .isEqualTo(CacheKnowledge.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({
        "--router-mode=best, router-mode",
        "--router-prefill-load-model=aic, router-prefill-load-model",
        "--router-active-sequence-stride=0, router-active-sequence-stride",
        "--encoder-cuda-to-cpu-ratio=0, encoder-cuda-to-cpu-ratio",
        "--no-router-kv-events --router-ttl-secs=0, router-ttl-secs",
        "--router-predicted-ttl-secs=-1, router-predicted-ttl-secs",
        "--kv-index-bytes-max=1048575, kv-index-bytes-max",
        "--router-approximate-cache-policy=fifo, router-approximate-cache-policy",
        "--router-session-affinity-ttl-secs=0.5, router-session-affinity-ttl-secs",
        "--router-session-affinity-ttl-secs=31536001, router-session-affinity-ttl-secs",
        "--router-session-affinity-mode=firm, router-session-affinity-mode"
    })
    void aBadValueIsRefusedByItsName(String flags, String name) {
        assertThatThrownBy(() -> parse(Map.of(), flags.split(" ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    /// What differs from the defaults.
    private static String changes(Fleets.Settings settings) {
        RouterConfig router = settings.router();
        BlockPrices prices = ((CostModel.Blocks) router.costModel()).prices();
        List<String> changes = new ArrayList<>();
        add(changes, "mode", "kv", router.mode().flag());
        add(changes, "ratio", 8, router.deviceThroughputRatio());
        add(changes, "temperature", 0.0, router.temperature());
        add(changes, "p", 1.0, prices.prefillLoadScale());
        add(changes, "c", 1.0, prices.overlapScoreCredit());
        add(changes, "d", 0.0, prices.overlapScoreCreditDecay());
        add(changes, "h", 0.75, prices.hostCacheHitWeight());
        add(changes, "k", 0.25, prices.diskCacheHitWeight());
        add(changes, "r", 0.0, prices.decodeActiveRequestWeight());
        add(changes, "active", true, router.tracking().activeBlocks());
        add(changes, "output", false, router.tracking().outputBlocks());
        add(changes, "prefill", true, router.tracking().prefillTokens());
        add(changes, "stride", 1, router.tracking().sequenceStride());
        add(changes, "reuse", true, router.tracking().assumesReuse());
        add(
                changes,
                "affinity",
                "",
                router.affinity().map(it -> it.ttl() + " " + it.mode()).orElse(""));
        add(changes, "caches", "events", caches(settings));
        add(changes, "index", CacheKnowledge.INDEX_BYTES_MAX, indexBytesMax(settings));
        return String.join(" ", changes);
    }

    private static String caches(Fleets.Settings settings) {
        return switch (settings.caches()) {
            case ByEvents(var ttl, _) -> "events" + ttl.map(it -> "+" + it).orElse("");
            case ByDecisions(var ttl, _) -> ttl.map(Duration::toString).orElse("lru");
            case None() -> "none";
        };
    }

    private static long indexBytesMax(Fleets.Settings settings) {
        return switch (settings.caches()) {
            case ByEvents(_, var bytesMax) -> bytesMax;
            case ByDecisions(_, var bytesMax) -> bytesMax;
            case None() -> CacheKnowledge.INDEX_BYTES_MAX;
        };
    }

    private static void add(List<String> changes, String name, Object usual, Object value) {
        if (!usual.equals(value)) {
            changes.add(name + "=" + value);
        }
    }

    private static Fleets.Settings parse(Map<String, String> environment, String... arguments) {
        var options = new RouterOptions();
        new CommandLine(
                        CommandSpec.create()
                                .addMixin("router", CommandSpec.forAnnotatedObject(options)))
                .setDefaultValueProvider(new EnvironmentDefaults(environment))
                .parseArgs(arguments);
        return options.toSettings(false);
    }
}
