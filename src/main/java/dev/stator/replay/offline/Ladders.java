package dev.stator.replay.offline;

import dev.stator.replay.offline.worker.BlockCache;
import dev.stator.replay.result.ReplayReport.HitLadder;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceRequest;
import dev.stator.tokens.TokenBlocks;

/// What a trace allows whatever the policy.
public final class Ladders {
    private Ladders() {}

    /// @param workers whose caches are put together
    /// @param capacityBlocks of each
    public static HitLadder of(Trace trace, int workers, int capacityBlocks) {
        long together = Math.min(Integer.MAX_VALUE, (long) workers * capacityBlocks);
        return new HitLadder(hitRatio(trace, Integer.MAX_VALUE), hitRatio(trace, (int) together));
    }

    /// Of one cache that gets every request in turn.
    static double hitRatio(Trace trace, int capacityBlocks) {
        var cache = new BlockCache(capacityBlocks, BlockCache.Listener.NONE);
        long blocks = 0;
        long hits = 0;
        for (TraceRequest request : trace.requests()) {
            TokenBlocks prompt = PromptBlocks.of(request.blocks(), trace.blockSizeTokens());
            blocks += prompt.count();
            hits += cache.match(prompt);
            cache.touch(prompt);
        }
        return blocks == 0 ? 0 : (double) hits / blocks;
    }
}
