package dev.stator.launch.policy;

import dev.stator.routing.CostModel;
import dev.stator.routing.cost.BlockPrices;

import java.util.Map;

/// What the file says the mode `kv` selects workers by, in place of flags.
///
/// @param costModel `time`, `blocks` or `lmetric`
/// @param parameters figures by the names below; what is not there is as the flags say
public record WorkerSelection(String costModel, Map<String, Double> parameters) {
    static final String CREDIT = "overlap_score_credit";
    static final String CREDIT_DECAY = "overlap_score_credit_decay";
    static final String HOST_WEIGHT = "host_cache_hit_weight";
    static final String DISK_WEIGHT = "disk_cache_hit_weight";
    static final String SCALE = "prefill_load_scale";
    static final String REQUEST_WEIGHT = "decode_active_request_weight";
    static final String TEMPERATURE = "router_temperature";

    public WorkerSelection {
        parameters = Map.copyOf(parameters);
    }

    /// @param flags what they say
    public CostModel costModel(BlockPrices flags) {
        return CostModel.parse(costModel, prices(flags));
    }

    /// @param flags what they say
    public BlockPrices prices(BlockPrices flags) {
        return new BlockPrices(
                parameters.getOrDefault(CREDIT, flags.overlapScoreCredit()),
                parameters.getOrDefault(CREDIT_DECAY, flags.overlapScoreCreditDecay()),
                parameters.getOrDefault(HOST_WEIGHT, flags.hostCacheHitWeight()),
                parameters.getOrDefault(DISK_WEIGHT, flags.diskCacheHitWeight()),
                parameters.getOrDefault(SCALE, flags.prefillLoadScale()),
                parameters.getOrDefault(REQUEST_WEIGHT, flags.decodeActiveRequestWeight()));
    }

    /// @param flag what it says
    public double temperature(double flag) {
        return parameters.getOrDefault(TEMPERATURE, flag);
    }
}
