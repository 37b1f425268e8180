package dev.stator.replay.offline.policy;

import dev.stator.kv.index.PrefixIndex;
import dev.stator.replay.offline.worker.Agenda;

/// What a policy is opened on.
///
/// @param index that hears the workers' events; the production router sees nothing else of them
/// @param fleet the truth, for the rules that may see it
/// @param capacityBlocks of each worker
/// @param blockSizeTokens of the trace
public record Stage(
        PrefixIndex index,
        Fleet fleet,
        Agenda agenda,
        int capacityBlocks,
        int blockSizeTokens,
        long seed) {

    public Policy open(PolicyChoice choice) {
        return switch (choice) {
            case PolicyChoice.Production production -> new RouterPolicy(production, this);
            case PolicyChoice.Llmd(_, var scheduler) -> scheduler.over(this);
            case PolicyChoice.Reference(_, var rule) -> rule.over(fleet);
        };
    }
}
