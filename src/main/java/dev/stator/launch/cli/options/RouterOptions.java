package dev.stator.launch.cli.options;

import dev.stator.launch.fleet.Fleets;
import dev.stator.routing.CostModel;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.cost.BlockPrices;
import dev.stator.routing.load.Tracking;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The flags of the router, by Dynamo's names and with its defaults.
public final class RouterOptions {

    @Option(
            names = "--router-mode",
            defaultValue = "kv",
            paramLabel = "MODE",
            description = "kv, round-robin, random, power-of-two or least-loaded (default: kv).")
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
            defaultValue = "1.0",
            paramLabel = "C",
            description = "Blocks of credit per cached block, cost model blocks (default: 1.0).")
    private double overlapCredit;

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
            description = "Blocks of credit per block in host memory (default: 0.75).")
    private double hostCacheHitWeight;

    @Option(
            names = "--router-disk-cache-hit-weight",
            defaultValue = "0.25",
            paramLabel = "K",
            description = "Blocks of credit per block on disk (default: 0.25).")
    private double diskCacheHitWeight;

    @Option(
            names = "--router-prefill-load-scale",
            defaultValue = "1.0",
            paramLabel = "P",
            description = "Weight of prefill blocks against decode blocks (default: 1.0).")
    private double prefillLoadScale;

    @Option(
            names = "--router-decode-active-request-weight",
            defaultValue = "0.0",
            paramLabel = "R",
            description = "Blocks charged per active request (default: 0.0).")
    private double activeRequestWeight;

    @Option(
            names = "--router-track-output-blocks",
            description = "Count produced tokens as decode blocks.")
    private boolean trackOutputBlocks;

    @Mixin private final AdmissionOptions admission = new AdmissionOptions();

    private RouterConfig toConfig() {
        var prices =
                new BlockPrices(
                        overlapCredit,
                        overlapCreditDecay,
                        hostCacheHitWeight,
                        diskCacheHitWeight,
                        prefillLoadScale,
                        activeRequestWeight);
        return new RouterConfig(
                RoutingMode.parse(mode),
                CostModel.parse(costModel, prices),
                temperature,
                new Tracking(true, trackOutputBlocks, true, true),
                admission.busy());
    }

    /// How the routers of a process are set up.
    public Fleets.Settings toSettings(boolean sharesBookings) {
        return new Fleets.Settings(toConfig(), admission.toConfig(), sharesBookings);
    }

    public String mode() {
        return mode;
    }
}
