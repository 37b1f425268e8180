package dev.stator.kv.index;

import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.WorkerId;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How many leading blocks of one prompt each worker holds, by tier. Immutable.
///
/// The blocks of a worker are one run from the first block on: as far as the device reaches, then
/// what the host continues from there, then the disk. A worker without the first block in any tier
/// is not among them.
public final class Overlaps {
    private static final int TIERS = StorageTier.values().length;
    private static final int[] NO_BLOCKS = {};

    /// Nobody holds anything.
    public static final Overlaps NONE =
            new Overlaps(new WorkerTable(List.of()), NO_BLOCKS, new int[0][]);

    private final WorkerTable table;
    private final int[] device; // by the workers' numbers, as far as anybody holds something
    private final int[][] lower; // the tiers below the device, those that hold something

    private Overlaps(WorkerTable table, int[] device, int[][] lower) {
        this.table = table;
        this.device = device;
        this.lower = lower;
    }

    /// Takes over its arguments, which must not be changed afterwards.
    ///
    /// @param byTier blocks by tier and by the workers' numbers; any array may be short
    public static Overlaps of(WorkerTable table, int[][] byTier) {
        return new Overlaps(table, byTier[0], Arrays.copyOfRange(byTier, 1, byTier.length));
    }

    /// Takes over its arguments, which must not be changed afterwards.
    ///
    /// @param device blocks by the workers' numbers; may be short
    public static Overlaps of(WorkerTable table, int[] device) {
        return new Overlaps(table, device, NONE.lower);
    }

    /// Leading blocks that the worker holds in device memory, 0 when none.
    public int blocks(WorkerId worker) {
        return at(device, table.number(worker));
    }

    /// The same of the worker with this number in the table; of none for -1.
    public int blocks(int number) {
        return at(device, number);
    }

    /// How many further blocks the tier adds to the ones above it in the run of the worker with
    /// this number in the table; of none for -1.
    public int blocks(int number, StorageTier tier) {
        return blocks(number, tier.depth());
    }

    /// By what numbers the workers are known. Many lookups have the same table.
    public WorkerTable table() {
        return table;
    }

    /// How many further blocks of the worker's run the tier adds to the ones above it.
    public int blocks(WorkerId worker, StorageTier tier) {
        return blocks(table.number(worker), tier.depth());
    }

    /// Where the worker's run ends if nothing below the tier counts.
    public int reach(WorkerId worker, StorageTier last) {
        int end = 0;
        for (int tier = 0; tier <= last.depth(); tier++) {
            end += blocks(table.number(worker), tier);
        }
        return end;
    }

    /// Whether nobody holds anything below device memory.
    public boolean isDeviceOnly() {
        return lower.length == 0;
    }

    /// Workers that hold the first block in some tier.
    public int workers() {
        int count = 0;
        for (int number = 0; number < table.size(); number++) {
            count += total(number) > 0 ? 1 : 0;
        }
        return count;
    }

    /// Leading blocks in device memory of the workers that hold some there.
    public Map<WorkerId, Integer> toMap() {
        var map = new HashMap<WorkerId, Integer>();
        for (int number = 0; number < device.length; number++) {
            if (device[number] > 0) {
                map.put(table.worker(number), device[number]);
            }
        }
        return map;
    }

    /// For each worker the longer of two runs: what either says of a tier is believed.
    public Overlaps max(Overlaps other) {
        return longerRuns(other).or(() -> other.longerRuns(this)).orElseGet(() -> merged(other));
    }

    /// The same where only device memory counts and this table knows all of the others' workers,
    /// which is so for a prediction and what is known; empty where not.
    private Optional<Overlaps> longerRuns(Overlaps other) {
        if (!isDeviceOnly() || !other.isDeviceOnly()) {
            return Optional.empty();
        }
        int[] longer = Arrays.copyOf(device, table.size());
        for (int number = 0; number < other.device.length; number++) {
            int blocks = other.device[number];
            int own = blocks == 0 ? 0 : table.number(other.table.worker(number));
            if (own < 0) {
                return Optional.empty();
            }
            if (blocks > 0) {
                longer[own] = Math.max(longer[own], blocks);
            }
        }
        return Optional.of(of(table, longer));
    }

    private Overlaps merged(Overlaps other) {
        var longest = new Builder();
        lists().forEach((worker, _) -> longest.addLonger(worker, this, other));
        other.lists()
                .forEach(
                        (worker, _) -> {
                            int number = table.number(worker);
                            if (number < 0 || total(number) == 0) {
                                longest.addLonger(worker, this, other);
                            }
                        });
        return longest.build();
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

    private int blocks(int number, int tier) {
        if (tier == 0) {
            return at(device, number);
        }
        return tier <= lower.length ? at(lower[tier - 1], number) : 0;
    }

    private int total(int number) {
        int total = 0;
        for (int tier = 0; tier < TIERS; tier++) {
            total += blocks(number, tier);
        }
        return total;
    }

    private static int at(int[] blocks, int number) {
        return number >= 0 && number < blocks.length ? blocks[number] : 0;
    }

    private Map<WorkerId, List<Integer>> lists() {
        var lists = new HashMap<WorkerId, List<Integer>>();
        for (int number = 0; number < table.size(); number++) {
            if (total(number) > 0) {
                List<Integer> byTier = new ArrayList<>(TIERS);
                for (int tier = 0; tier < TIERS; tier++) {
                    byTier.add(blocks(number, tier));
                }
                lists.put(table.worker(number), byTier);
            }
        }
        return lists;
    }

    /// Gathers what each worker holds.
    static final class Builder {
        private final Map<WorkerId, int[]> blocks = new HashMap<>();

        /// @param count at least 1
        void add(WorkerId worker, StorageTier tier, int count) {
            blocks.computeIfAbsent(worker, _ -> new int[TIERS])[tier.depth()] += count;
        }

        Overlaps build() {
            var table = new WorkerTable(List.copyOf(blocks.keySet()));
            var byTier = new int[TIERS][table.size()];
            for (int number = 0; number < table.size(); number++) {
                int[] held = blocks.getOrDefault(table.worker(number), NO_BLOCKS);
                for (int tier = 0; tier < TIERS; tier++) {
                    byTier[tier][number] = held[tier];
                }
            }
            return blocks.isEmpty() ? NONE : of(table, byTier);
        }

        /// Each tier ends where the farther of the two ends.
        private void addLonger(WorkerId worker, Overlaps one, Overlaps two) {
            int end = 0;
            for (StorageTier tier : StorageTier.values()) {
                int further = Math.max(one.reach(worker, tier), two.reach(worker, tier)) - end;
                if (further > 0) {
                    add(worker, tier, further);
                    end += further;
                }
            }
        }
    }
}
