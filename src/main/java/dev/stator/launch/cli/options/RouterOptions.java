package dev.stator.launch.cli.options;

import dev.stator.launch.fleet.Fleets;
import dev.stator.launch.policy.PolicyFile;
import dev.stator.launch.policy.WorkerSelection;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.cost.BlockPrices;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Map;
import java.util.Optional;

/// The flags of the router, by Dynamo's names and with its defaults.
public final class RouterOptions {

    @Option(
            names = "--router-mode",
            defaultValue = "kv",
            paramLabel = "MODE",
            description = {
                "kv, round-robin, random, power-of-two, least-loaded, device-aware-weighted or",
                "direct (default: kv)."
            })
    private String mode = "kv";

    @Option(
            names = "--router-cost-model",
            defaultValue = "time",
            paramLabel = "MODEL",
            description = {
                "What kv compares workers by: time (learned), blocks (as Dynamo) or lmetric",
                "(default: time)."
            })
    private String costModel = "time";

    @Option(
            names = "--router-temperature",
            defaultValue = "0.0",
            paramLabel = "T",
            description = "0 selects the cheapest worker, more spreads (default: 0.0).")
    private double temperature;

    @Option(
            names = "--router-kv-overlap-score-credit",
            paramLabel = "C",
            description = "Part of what is cached that counts (default: 1.0).")
    private @Nullable Double overlapCredit;

    @Option(
            names = {"--router-kv-overlap-score-weight", "--kv-overlap-score-weight"},
            paramLabel = "W",
            description = {
                "The older form: W is the prefill load scale; 0 stands for neither that nor",
                "credit."
            })
    private @Nullable Double overlapWeight;

    @Option(
            names = "--load-aware",
            defaultValue = "false",
            description = "Mode kv by load alone: no credit, no KV events, no reuse assumed.")
    private boolean isLoadAware;

    @Option(
            names = "--router-kv-overlap-score-credit-decay",
            defaultValue = "0.0",
            paramLabel = "D",
            description = "How fast the credit fades with queued prefill (default: 0.0).")
    private double overlapCreditDecay;

    @Option(
            names = "--router-host-cache-hit-weight",
            defaultValue = "0.75",
            paramLabel = "H",
            description = "Part of a block in host memory that counts (default: 0.75).")
    private double hostCacheHitWeight;

    @Option(
            names = "--router-disk-cache-hit-weight",
            defaultValue = "0.25",
            paramLabel = "K",
            description = "Part of a block on disk that counts (default: 0.25).")
    private double diskCacheHitWeight;

    @Option(
            names = "--router-prefill-load-scale",
            paramLabel = "P",
            description = "Weight of prefill against decode (default: 1.0).")
    private @Nullable Double prefillLoadScale;

    @Option(
            names = "--router-decode-active-request-weight",
            defaultValue = "0.0",
            paramLabel = "R",
            description = "Blocks charged per active request, model blocks (default: 0.0).")
    private double activeRequestWeight;

    @Option(
            names = "--encoder-cuda-to-cpu-ratio",
            defaultValue = "8",
            paramLabel = "N",
            description = {
                "Mode device-aware-weighted: how many workers on processors one on another device",
                "is worth (default: 8)."
            })
    private int deviceThroughputRatio = RouterConfig.DEVICE_THROUGHPUT_RATIO;

    @Mixin private final TrackingOptions tracking = new TrackingOptions();

    @Mixin private final CacheOptions caches = new CacheOptions();

    @Mixin private final AffinityOptions affinity = new AffinityOptions();

    @Mixin private final AdmissionOptions admission = new AdmissionOptions();

    private RouterConfig toConfig(WorkerSelection selection) {
        return new RouterConfig(
                routingMode(),
                selection.costModel(prices()),
                selection.temperature(temperature),
                tracking.toTracking(isLoadAware),
                admission.busy(),
                affinity.toConfig(),
                deviceThroughputRatio);
    }

    private BlockPrices prices() {
        return new BlockPrices(
                credit(),
                overlapCreditDecay,
                hostCacheHitWeight,
                diskCacheHitWeight,
                first(prefillLoadScale, overlapWeight),
                activeRequestWeight);
    }

    /// How the routers of a process are set up.
    public Fleets.Settings toSettings(boolean sharesBookings) {
        Optional<PolicyFile> policies = admission.policies();
        WorkerSelection selection =
                policies.flatMap(PolicyFile::selection)
                        .orElseGet(() -> new WorkerSelection(costModel, Map.of()));
        return new Fleets.Settings(
                toConfig(selection),
                admission.toConfig(policies.flatMap(PolicyFile::common)),
                policies.map(PolicyFile::models).orElse(Map.of()),
                caches.toKnowledge(isLoadOnly(selection)),
                sharesBookings);
    }

    public String mode() {
        return routingMode().flag();
    }

    private RoutingMode routingMode() {
        return isLoadAware ? RoutingMode.KV : RoutingMode.parse(mode);
    }

    private double credit() {
        boolean isOff = isLoadAware || (overlapWeight != null && overlapWeight == 0);
        return isOff ? 0 : first(overlapCredit, null);
    }

    /// Whether nothing is asked of an index.
    private boolean isLoadOnly(WorkerSelection selection) {
        boolean looksAtCaches =
                selection.prices(prices()).overlapScoreCredit() > 0
                        || selection.costModel().equals("time");
        return isLoadAware || !looksAtCaches;
    }

    private static double first(@Nullable Double value, @Nullable Double otherwise) {
        if (value != null) {
            return value;
        }
        return otherwise == null ? 1 : otherwise;
    }
}
