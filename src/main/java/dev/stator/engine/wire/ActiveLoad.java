package dev.stator.engine.wire;

import dev.stator.kv.cache.WorkerId;

import java.util.OptionalLong;

/// How much one worker carries, by its own word or by a router's; Dynamo's `ActiveLoad`.
///
/// @param activeDecodeBlocks booked by a router
/// @param activePrefillTokens booked by a router and not yet computed
/// @param kvUsedBlocks held by the worker's running sequences, as it says itself
public record ActiveLoad(
        WorkerId worker,
        OptionalLong activeDecodeBlocks,
        OptionalLong activePrefillTokens,
        OptionalLong kvUsedBlocks) {

    /// What a worker says.
    public static ActiveLoad used(WorkerId worker, long blocks) {
        return new ActiveLoad(
                worker, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(blocks));
    }
}
