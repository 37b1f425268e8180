package dev.stator.kv.index.packed;

import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.WorkerTable;
import dev.stator.kv.index.memory.IntSet;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// Who has which slot. Changed by one thread at a time; others read the current `View`.
final class Holders {
    private static final int TIERS = StorageTier.values().length;
    private static final int NONE = -1;

    private final Map<WorkerId, Map<StorageTier, Holder>> byWorker = new LinkedHashMap<>();
    private final List<@Nullable Holder> bySlot = new ArrayList<>();
    private volatile View view = new View(byWorker, bySlot);

    View view() {
        return view;
    }

    @Nullable Holder find(WorkerId worker, StorageTier tier) {
        Map<StorageTier, Holder> tiers = byWorker.get(worker);
        return tiers == null ? null : tiers.get(tier);
    }

    /// The tiers of a worker, from the device down.
    Collection<Holder> of(WorkerId worker) {
        return byWorker.getOrDefault(worker, Map.of()).values();
    }

    List<Holder> all() {
        return byWorker.values().stream().flatMap(it -> it.values().stream()).toList();
    }

    Holder at(int slot) {
        Holder holder = slot < bySlot.size() ? bySlot.get(slot) : null;
        if (holder == null) {
            throw new IllegalStateException("slot " + slot + " holds blocks but has no holder");
        }
        return holder;
    }

    /// Gives a tier of a worker the lowest free slot.
    Holder enrol(WorkerId worker, StorageTier tier) {
        int slot = bySlot.indexOf(null);
        if (slot < 0) {
            slot = bySlot.size();
            bySlot.add(null);
        }
        var holder = new Holder(worker, tier, slot);
        bySlot.set(slot, holder);
        byWorker.computeIfAbsent(worker, _ -> new EnumMap<>(StorageTier.class)).put(tier, holder);
        show();
        return holder;
    }

    /// Frees the slots of a worker, which holds nothing any more.
    void dismiss(WorkerId worker) {
        Map<StorageTier, Holder> tiers = byWorker.remove(worker);
        if (tiers != null) {
            tiers.values().forEach(it -> bySlot.set(it.slot, null));
            show();
        }
    }

    private void show() {
        view = new View(byWorker, bySlot);
    }

    /// One tier of one worker and what it holds.
    static final class Holder {
        final WorkerId worker;
        final StorageTier tier;
        final int slot; // its number in sets of holders
        final Names names = new Names();
        final IntSet chains = new IntSet(); // those of which it holds some blocks
        long held; // names
        private long countedBytes;

        Holder(WorkerId worker, StorageTier tier, int slot) {
            this.worker = worker;
            this.tier = tier;
            this.slot = slot;
        }

        /// How many bytes it has more than when this was last asked.
        long countGrowth() {
            long before = countedBytes;
            countedBytes = names.bytes() + chains.bytes();
            return countedBytes - before;
        }

        /// The bytes that were counted.
        long countedBytes() {
            return countedBytes;
        }
    }

    /// Which slot is whose, at one time.
    static final class View {
        final WorkerTable table;
        final int words; // of a set of all slots
        final long[] devices; // the slots of device tiers
        final long[] lower; // the slots of the other tiers
        final boolean hasLower;
        final boolean isDirect; // each worker has one slot, and that is its number
        private final int[] workers; // by slot, numbers in the table
        private final byte[] tiers; // by slot
        private final int[] slots; // by worker and tier

        private View(
                Map<WorkerId, Map<StorageTier, Holder>> byWorker, List<@Nullable Holder> bySlot) {
            table = new WorkerTable(inOrder(bySlot));
            words = (bySlot.size() + Long.SIZE - 1) >>> 6;
            devices = new long[words];
            lower = new long[words];
            workers = new int[bySlot.size()];
            tiers = new byte[bySlot.size()];
            slots = new int[table.size() * TIERS];
            Arrays.fill(slots, NONE);
            boolean foundLower = false;
            boolean foundOther = false;
            for (Map<StorageTier, Holder> worker : byWorker.values()) {
                for (Holder holder : worker.values()) {
                    boolean isDevice = holder.tier == StorageTier.DEVICE;
                    (isDevice ? devices : lower)[holder.slot >>> 6] |= 1L << holder.slot;
                    foundLower |= !isDevice;
                    int number = table.number(holder.worker);
                    foundOther |= number != holder.slot;
                    workers[holder.slot] = number;
                    tiers[holder.slot] = (byte) holder.tier.depth();
                    slots[number * TIERS + holder.tier.depth()] = holder.slot;
                }
            }
            hasLower = foundLower;
            isDirect = !foundLower && !foundOther;
        }

        private static List<WorkerId> inOrder(List<@Nullable Holder> bySlot) {
            var workers = new LinkedHashSet<WorkerId>();
            for (Holder holder : bySlot) {
                if (holder != null) {
                    workers.add(holder.worker);
                }
            }
            return List.copyOf(workers);
        }

        int worker(int slot) {
            return workers[slot];
        }

        int tier(int slot) {
            return tiers[slot];
        }

        /// The first tier below `tier`, or from the device on if that is -1, that the worker has in
        /// the set; its slot, or -1.
        int nextBelow(int worker, int tier, HolderSets sets, int set) {
            for (int below = tier + 1; below < TIERS; below++) {
                int slot = slots[worker * TIERS + below];
                if (slot != NONE && sets.contains(set, slot)) {
                    return slot;
                }
            }
            return NONE;
        }
    }
}
