package dev.stator.kv.index;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.LongMap;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A prefix index as one tree over the blocks of all workers.
public final class RadixPrefixIndex implements PrefixIndex {
    // A place is a prefix; the path of block hashes from the root leads to it. Each worker has a
    // slot, a small number that is reused once the worker has gone, and each place has the set of
    // slots that hold it. Per worker a table leads from the names of its blocks to their places.
    //
    // Invariants: a slot is in a place exactly when some name of its worker leads there; a place
    // other than the root has a holder or a child, so memory follows what is held. A worker may
    // hold a place without its parent when it evicts out of order: match stops at the missing one.
    //
    // One lock guards everything. A match of 128 blocks holds it for about a microsecond; an event
    // holds it for its own blocks, so a dump is applied in pieces.
    private final Object lock = new Object();
    private final Place root = new Place(null, 0);
    private final Map<WorkerId, Holdings> holdings = new HashMap<>();
    private final List<@Nullable WorkerId> workerOfSlot = new ArrayList<>();
    private long places;
    private long heldBlocks;

    @Override
    public ApplyResult apply(WorkerId worker, KvCacheEvent event) {
        synchronized (lock) {
            return switch (event) {
                case Stored(var parent, var blocks) -> store(worker, parent, blocks);
                case Removed(var blocks) -> evict(worker, blocks);
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
            Holdings held = holdings.get(worker);
            if (held != null) {
                held.places.forEachKey(name -> names.add(new SequenceHash(name)));
            }
            return names;
        }
    }

    @Override
    public List<Stored> dump(WorkerId worker) {
        synchronized (lock) {
            Holdings held = holdings.get(worker);
            return held == null ? List.of() : Chains.of(root, held.places);
        }
    }

    @Override
    public IndexSize size() {
        synchronized (lock) {
            return new IndexSize(holdings.size(), places, heldBlocks);
        }
    }

    private ApplyResult store(
            WorkerId worker, Optional<SequenceHash> parent, List<StoredBlock> blocks) {
        Holdings held = holdings.get(worker);
        Place place = root;
        if (parent.isPresent()) {
            place = held == null ? null : held.places.get(parent.get().value());
        }
        if (place == null) {
            return new ApplyResult.UnknownParent(parent.orElseThrow());
        }
        if (blocks.isEmpty()) {
            return new ApplyResult.Applied(0, 0);
        }
        int changed = store(held == null ? enrol(worker) : held, place, blocks);
        return new ApplyResult.Applied(changed, blocks.size() - changed);
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

    private ApplyResult evict(WorkerId worker, List<SequenceHash> blocks) {
        Holdings held = holdings.get(worker);
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
                dismiss(worker, held);
            }
        }
        return new ApplyResult.Applied(changed, blocks.size() - changed);
    }

    private int forget(WorkerId worker) {
        Holdings held = holdings.get(worker);
        if (held == null) {
            return 0;
        }
        int count = held.places.size();
        held.places.forEach((_, place) -> release(place, held.slot));
        heldBlocks -= count;
        dismiss(worker, held);
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

    private Holdings enrol(WorkerId worker) {
        int slot = workerOfSlot.indexOf(null);
        if (slot < 0) {
            slot = workerOfSlot.size();
            workerOfSlot.add(worker);
        } else {
            workerOfSlot.set(slot, worker);
        }
        var held = new Holdings(slot, new LongMap<>());
        holdings.put(worker, held);
        return held;
    }

    private void dismiss(WorkerId worker, Holdings held) {
        holdings.remove(worker);
        workerOfSlot.set(held.slot, null);
    }

    /// Walks down while some worker holds every place so far; each leaves at its first gap.
    private Overlaps follow(Place first, TokenBlocks prompt) {
        int words = first.holders.words();
        var matching = new long[words];
        int holders = 0;
        for (int w = 0; w < words; w++) {
            matching[w] = first.holders.word(w);
            holders += Long.bitCount(matching[w]);
        }
        var overlaps = new Overlaps(holders);
        Place place = first;
        int depth = 1;
        while (depth < prompt.count() && holders > 0) {
            place = place.child(prompt.blockHash(depth));
            if (place == null) {
                break;
            }
            for (int w = 0; w < words; w++) {
                long leaving = matching[w] & ~place.holders.word(w);
                if (leaving != 0) {
                    matching[w] &= ~leaving;
                    holders -= report(overlaps, w, leaving, depth);
                }
            }
            depth++;
        }
        for (int w = 0; w < words; w++) {
            report(overlaps, w, matching[w], depth);
        }
        return overlaps;
    }

    private int report(Overlaps overlaps, int word, long slots, int depth) {
        for (long left = slots; left != 0; left &= left - 1) {
            int slot = word * Long.SIZE + Long.numberOfTrailingZeros(left);
            overlaps.add(workerAt(slot), depth);
        }
        return Long.bitCount(slots);
    }

    private WorkerId workerAt(int slot) {
        WorkerId worker = workerOfSlot.get(slot);
        if (worker == null) {
            throw new IllegalStateException("slot " + slot + " is held but has no worker");
        }
        return worker;
    }

    /// Walks everything and throws `IllegalStateException` on a contradiction.
    void checkInvariants() {
        synchronized (lock) {
            var names = new HashMap<Place, Map<Integer, Integer>>();
            holdings.forEach(
                    (worker, held) -> {
                        require(worker.equals(workerAt(held.slot)), "slot of " + worker);
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
            for (int slot = 0; slot < workerOfSlot.size(); slot++) {
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

    /// What one worker holds.
    private record Holdings(int slot, LongMap<Place> places) {}
}
