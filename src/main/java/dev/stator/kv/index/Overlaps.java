package dev.stator.kv.index;

import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.WorkerId;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many leading blocks of one prompt each worker holds, by tier. Immutable.
///
/// The blocks of a worker are one run from the first block on: as far as the device reaches, then
/// what the host continues from there, then the disk. A worker without the first block in any tier
/// is not among them.
public final class Overlaps {

    /// Nobody holds anything.
    public static final Overlaps NONE = new Overlaps(Map.of());

    private static final int TIERS = StorageTier.values().length;

    private final Map<WorkerId, int[]> blocks; // by tier

    private Overlaps(Map<WorkerId, int[]> blocks) {
        this.blocks = blocks;
    }

    /// Leading blocks that the worker holds in device memory, 0 when none.
    public int blocks(WorkerId worker) {
        return blocks(worker, StorageTier.DEVICE);
    }

    /// How many further blocks of the worker's run the tier adds to the ones above it.
    public int blocks(WorkerId worker, StorageTier tier) {
        int[] byTier = blocks.get(worker);
        return byTier == null ? 0 : byTier[tier.ordinal()];
    }

    /// Workers that hold the first block in some tier.
    public int workers() {
        return blocks.size();
    }

    /// Leading blocks in device memory of the workers that hold some there.
    public Map<WorkerId, Integer> toMap() {
        var map = HashMap.<WorkerId, Integer>newHashMap(blocks.size());
        blocks.forEach(
                (worker, byTier) -> {
                    if (byTier[0] > 0) {
                        map.put(worker, byTier[0]);
                    }
                });
        return map;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Overlaps that && lists().equals(that.lists());
    }

    @Override
    public int hashCode() {
        return lists().hashCode();
    }

    @Override
    public String toString() {
        return lists().toString();
    }

    private Map<WorkerId, List<Integer>> lists() {
        var lists = HashMap.<WorkerId, List<Integer>>newHashMap(blocks.size());
        blocks.forEach(
                (worker, byTier) -> lists.put(worker, Arrays.stream(byTier).boxed().toList()));
        return lists;
    }

    /// Gathers what each worker holds.
    static final class Builder {
        private final Map<WorkerId, int[]> blocks = new HashMap<>();

        /// @param count at least 1
        void add(WorkerId worker, StorageTier tier, int count) {
            blocks.computeIfAbsent(worker, _ -> new int[TIERS])[tier.ordinal()] += count;
        }

        Overlaps build() {
            return blocks.isEmpty() ? NONE : new Overlaps(blocks);
        }
    }
}
