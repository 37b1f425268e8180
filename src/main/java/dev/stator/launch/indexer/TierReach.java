package dev.stator.launch.indexer;

import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.Overlaps;

/// How many leading blocks of a prompt are held without a gap when nothing below a tier counts.
record TierReach(int device, int host, int disk) {
    static final TierReach NONE = new TierReach(0, 0, 0);

    static TierReach of(Overlaps overlaps, WorkerId worker) {
        return new TierReach(
                overlaps.reach(worker, StorageTier.DEVICE),
                overlaps.reach(worker, StorageTier.HOST),
                overlaps.reach(worker, StorageTier.DISK));
    }

    /// The longer of two in each tier.
    TierReach max(TierReach other) {
        return new TierReach(
                Math.max(device, other.device),
                Math.max(host, other.host),
                Math.max(disk, other.disk));
    }
}
