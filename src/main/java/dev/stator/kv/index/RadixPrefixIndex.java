package dev.stator.kv.index;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.LongMap;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// A prefix index as one tree over the blocks of all workers.
public final class RadixPrefixIndex implements PrefixIndex {
    // A place is a prefix; the path of block hashes from the root leads to it. Each tier of a
    // worker has a slot, a small number that is reused once it is empty, and each place has the set
    // of slots that hold it. Per worker a table leads from the names of its blocks to their places.
    //
    // Invariants: a slot is in a place exactly when some name of its worker leads there; a place
    // other than the root has a holder or a child, so memory follows what is held. A worker may
    // hold a place without its parent when it evicts out of order: match stops at the missing one.
    //
    // One lock guards everything. A match of 128 blocks holds it for about a microsecond; an event
    // holds it for its own blocks, so a dump is applied in pieces.
    private final Object lock = new Object();
    private final Place root = new Place(null, 0);
    private final Map<Holder, Holdings> holdings = new HashMap<>();
    private final List<@Nullable Holder> holderOfSlot = new ArrayList<>();
    private long places;
    private long heldBlocks;

    @Override
    public ApplyResult apply(WorkerId worker, KvCacheEvent event) {
        synchronized (lock) {
            return switch (event) {
                case Stored stored -> store(worker, stored);
                case Removed(var blocks, var tier) -> evict(new Holder(worker, tier), blocks);
                case Cleared() -> new ApplyResult.Applied(forget(worker), 0);
            };
        }
    }

    @Override
    public void remove(WorkerId worker) {
        synchronized (lock) {
            forget(worker);
        }
    }

    @Override
    public Overlaps match(TokenBlocks prompt) {
        synchronized (lock) {
            Place first = prompt.count() == 0 ? null : root.child(prompt.blockHash(0));
            return first == null ? Overlaps.NONE : follow(first, prompt);
        }
    }

    @Override
    public Set<SequenceHash> blocks(WorkerId worker) {
        synchronized (lock) {
            var names = new HashSet<SequenceHash>();
            for (Holdings held : holdings(worker)) {
                held.places.forEachKey(name -> names.add(new SequenceHash(name)));
            }
            return names;
        }
    }

    @Override
    public List<Stored> dump(WorkerId worker) {
        synchronized (lock) {
            var held = new EnumMap<StorageTier, LongMap<Place>>(StorageTier.class);
            for (StorageTier tier : StorageTier.values()) {
                Holdings of = holdings.get(new Holder(worker, tier));
                if (of != null) {
                    held.put(tier, of.places);
                }
            }
            return Chains.of(root, held);
        }
    }

    @Override
    public IndexSize size() {
        synchronized (lock) {
            long workers = holdings.keySet().stream().map(Holder::worker).distinct().count();
            return new IndexSize((int) workers, places, heldBlocks);
        }
    }

    private ApplyResult store(WorkerId worker, Stored event) {
        var holder = new Holder(worker, event.tier());
        List<StoredBlock> blocks = event.blocks();
        Place place = event.parent().isEmpty() ? root : place(holder, event.parent().get());
        if (place == null) {
            return new ApplyResult.UnknownParent(event.parent().orElseThrow());
        }
        if (blocks.isEmpty()) {
            return new ApplyResult.Applied(0, 0);
        }
        Holdings held = holdings.get(holder);
        int changed = store(held == null ? enrol(holder) : held, place, blocks);
        return new ApplyResult.Applied(changed, blocks.size() - changed);
    }

    /// What the worker calls so, in the same tier before the others.
    private @Nullable Place place(Holder holder, SequenceHash name) {
        Holdings own = holdings.get(holder);
        Place place = own == null ? null : own.places.get(name.value());
        for (Holdings held : holdings(holder.worker)) {
            place = place == null ? held.places.get(name.value()) : place;
        }
        return place;
    }

    /// Of all tiers, from the device down.
    private List<Holdings> holdings(WorkerId worker) {
        return Arrays.stream(StorageTier.values())
                .map(tier -> holdings.get(new Holder(worker, tier)))
                .filter(Objects::nonNull)
                .toList();
    }

    /// Returns how many of the blocks are new.
    private int store(Holdings held, Place parent, List<StoredBlock> blocks) {
        Place place = parent;
        int changed = 0;
        for (StoredBlock block : blocks) {
            long hash = block.blockHash().value();
            Place child = place.child(hash);
            if (child == null) {
                child = place.addChild(hash);
                places++;
            }
            changed += name(held, block.sequenceHash().value(), child) ? 1 : 0;
            place = child;
        }
        return changed;
    }

    /// Gives a place a name. The name's former place, if it was another one, loses it.
    private boolean name(Holdings held, long name, Place place) {
        Place before = held.places.put(name, place);
        if (before == place) {
            return false;
        }
        place.hold(held.slot);
        if (before == null) {
            heldBlocks++;
        } else {
            release(before, held.slot);
        }
        return true;
    }

    private ApplyResult evict(Holder holder, List<SequenceHash> blocks) {
        Holdings held = holdings.get(holder);
        int changed = 0;
        if (held != null) {
            for (SequenceHash block : blocks) {
                Place place = held.places.remove(block.value());
                if (place != null) {
                    heldBlocks--;
                    release(place, held.slot);
                    changed++;
                }
            }
            if (held.places.isEmpty()) {
                dismiss(holder, held);
            }
        }
        return new ApplyResult.Applied(changed, blocks.size() - changed);
    }

    private int forget(WorkerId worker) {
        int count = 0;
        for (StorageTier tier : StorageTier.values()) {
            var holder = new Holder(worker, tier);
            Holdings held = holdings.get(holder);
            if (held != null) {
                count += held.places.size();
                held.places.forEach((_, place) -> release(place, held.slot));
                dismiss(holder, held);
            }
        }
        heldBlocks -= count;
        return count;
    }

    /// Takes one name of a worker from a place and prunes the branch that nobody needs any more.
    private void release(Place place, int slot) {
        place.release(slot);
        Place unused = place;
        while (unused.isUnused() && unused.parent != null) {
            unused.parent.removeChild(unused);
            places--;
            unused = unused.parent;
        }
    }

    private Holdings enrol(Holder holder) {
        int slot = holderOfSlot.indexOf(null);
        if (slot < 0) {
            slot = holderOfSlot.size();
            holderOfSlot.add(holder);
        } else {
            holderOfSlot.set(slot, holder);
        }
        var held = new Holdings(slot, new LongMap<>());
        holdings.put(holder, held);
        return held;
    }

    private void dismiss(Holder holder, Holdings held) {
        holdings.remove(holder);
        holderOfSlot.set(held.slot, null);
    }

    /// Follows each holder's run down the path of the prompt.
    private Overlaps follow(Place first, TokenBlocks prompt) {
        var path = new ArrayList<Place>();
        Place place = first;
        while (place != null) {
            path.add(place);
            place =
                    path.size() < prompt.count()
                            ? place.child(prompt.blockHash(path.size()))
                            : null;
        }
        var overlaps = new Overlaps.Builder();
        Set<WorkerId> workers = new HashSet<>();
        holdings.keySet().forEach(it -> workers.add(it.worker));
        for (WorkerId worker : workers) {
            int depth = 0;
            for (StorageTier tier : StorageTier.values()) {
                Holdings held = holdings.get(new Holder(worker, tier));
                int from = depth;
                while (held != null
                        && depth < path.size()
                        && path.get(depth).holders.contains(held.slot)) {
                    depth++;
                }
                if (depth > from) {
                    overlaps.add(worker, tier, depth - from);
                }
            }
        }
        return overlaps.build();
    }

    /// Walks everything and throws `IllegalStateException` on a contradiction.
    void checkInvariants() {
        synchronized (lock) {
            var names = new HashMap<Place, Map<Integer, Integer>>();
            holdings.forEach(
                    (worker, held) -> {
                        require(worker.equals(holderOfSlot.get(held.slot)), "slot of " + worker);
                        require(!held.places.isEmpty(), "holdings of " + worker);
                        held.places.forEach(
                                (_, place) ->
                                        names.computeIfAbsent(place, _ -> new HashMap<>())
                                                .merge(held.slot, 1, Integer::sum));
                    });
            long[] seen = new long[2];
            checkBelow(root, names, seen);
            require(seen[0] == places, "places: " + seen[0] + " found, " + places + " counted");
            require(seen[1] == heldBlocks, "held: " + seen[1] + " found, " + heldBlocks);
        }
    }

    private void checkBelow(Place top, Map<Place, Map<Integer, Integer>> names, long[] seen) {
        var open = new ArrayList<Place>();
        open.add(top);
        while (!open.isEmpty()) {
            Place place = open.removeLast();
            require(place == top || !place.isUnused(), "unused place " + place.blockHash);
            for (int slot = 0; slot < holderOfSlot.size(); slot++) {
                int expected = names.getOrDefault(place, Map.of()).getOrDefault(slot, 0);
                require(place.names(slot) == expected, "names of slot " + slot);
                seen[1] += expected;
            }
            place.forEachChild(
                    child -> {
                        seen[0]++;
                        require(child.parent == place, "parent of " + child.blockHash);
                        open.add(child);
                    });
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("index is inconsistent: " + what);
        }
    }

    /// One tier of one worker.
    private record Holder(WorkerId worker, StorageTier tier) {}

    /// What one holder holds.
    private record Holdings(int slot, LongMap<Place> places) {}
}
