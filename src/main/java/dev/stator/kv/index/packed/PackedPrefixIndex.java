package dev.stator.kv.index.packed;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.ApplyResult;
import dev.stator.kv.index.IndexSize;
import dev.stator.kv.index.Overlaps;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.kv.index.memory.LongArena;
import dev.stator.kv.index.packed.ChainTree.ReleasedSpan;
import dev.stator.kv.index.packed.Holders.Holder;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// A prefix index as chains of blocks in a few large arrays.
public final class PackedPrefixIndex implements PrefixIndex {
    // A place is a prefix, named by its sequence hash. Chains hold places that follow each other,
    // contiguously; a table leads from each sequence hash to a chain and an offset; runs say who
    // holds which part of a chain. A lookup asks the table for its first block, finds by bisection
    // how far the chain and the prompt are the same, goes through the runs of that part and asks
    // the table for the next block. A child hangs below any block of a chain, so nothing is ever
    // split; a chain that is the only child of the end of another is joined to it.
    //
    // Invariants: a slot is in a run exactly when some name of its holder leads there; the last
    // block of a chain has a holder or a child, so memory follows what is held; no two chains could
    // be joined. A holder may hold a place without its parent when it evicts out of order.
    //
    // Memory model: `lock` serialises changes. Lookups take no lock. They read plain array elements
    // with fences: what leads to something is written after it (release) and read before it
    // (acquire). Extents, headers, records of runs and sets are never changed while something leads
    // to them, except that a chain grows at its end, which its version tells, and an entry of the
    // table moves; see `PlaceTable` for the latter. After they were given back they stay as they
    // are until `Quarantine` lets them be reused, and a lookup that may have read something reused
    // is repeated, under the lock after some attempts; so is one that left the bounds of an array,
    // one that passed a chain while it was written, and one during which a worker came or went. A
    // lookup that is not repeated saw every block as it was at some moment of the lookup: what is
    // held all the time is always found, and what is held at no time never. Two blocks may be seen
    // at different moments; with events that arrive when they like this makes no difference to a
    // router.
    //
    // Intentional: the recency notes of lookups are racy, a lost one costs nothing; sequence hashes
    // stand for prefixes without a comparison of what is before them.

    /// The smallest limit of its bytes.
    public static final long BYTES_MAX_LEAST = 1 << 20;

    private static final int WALKS_MAX = 32;
    private static final int EMPTY_BYTES_MAX = 1 << 16;

    private final Object lock = new Object();
    private final Holders holders = new Holders();
    private final Path path = new Path();
    private final BitSet held = new BitSet(); // blocks of the path
    private final List<Long> displaced = new ArrayList<>();
    private final Forgetting forgetting;
    private final Function<LongArena, Chains> newChains;
    private volatile ChainTree tree;
    private long heldBlocks;

    /// Without a limit of memory.
    public PackedPrefixIndex() {
        this(Long.MAX_VALUE);
    }

    /// @param bytesMax what its arrays may take after any change; what was used least recently is
    ///     forgotten first. At least `BYTES_MAX_LEAST`
    public PackedPrefixIndex(long bytesMax) {
        this(bytesMax, Chains::new);
    }

    /// @param newChains may do something else between the steps of a lookup and of a change
    PackedPrefixIndex(long bytesMax, Function<LongArena, Chains> newChains) {
        if (bytesMax < BYTES_MAX_LEAST) {
            throw new IllegalArgumentException(
                    "limit must be at least %d bytes: %d".formatted(BYTES_MAX_LEAST, bytesMax));
        }
        this.forgetting = new Forgetting(bytesMax);
        this.newChains = newChains;
        this.tree = new ChainTree(holders, newChains);
    }

    @Override
    public ApplyResult apply(WorkerId worker, KvCacheEvent event) {
        synchronized (lock) {
            tree.tick();
            return switch (event) {
                case Stored stored -> store(worker, stored);
                case Removed(var blocks, var tier) -> evict(worker, tier, blocks);
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
        for (int i = 0; i < WALKS_MAX; i++) {
            ChainTree now = tree;
            int count = now.quarantine.count();
            Holders.View view = holders.view();
            var walk = new PrefixWalk(now, view, prompt);
            if (run(walk) && now.quarantine.isIntact(count) && holders.view() == view) {
                return finish(walk, prompt);
            }
        }
        synchronized (lock) {
            var walk = new PrefixWalk(tree, holders.view(), prompt);
            if (!walk.run()) {
                throw new IllegalStateException("index is inconsistent: a walk was disturbed");
            }
            return finish(walk, prompt);
        }
    }

    @Override
    public Set<SequenceHash> blocks(WorkerId worker) {
        synchronized (lock) {
            var names = new HashSet<SequenceHash>();
            for (Holder holder : holders.of(worker)) {
                if (holder.names.isCanonical()) {
                    tree.forEachHeld(holder, hash -> names.add(new SequenceHash(hash)));
                } else {
                    holder.names.forEach((name, _) -> names.add(new SequenceHash(name)));
                }
            }
            return names;
        }
    }

    @Override
    public List<Stored> dump(WorkerId worker) {
        synchronized (lock) {
            return ChainDump.of(tree, holders.of(worker));
        }
    }

    @Override
    public IndexSize size() {
        synchronized (lock) {
            long workers =
                    holders.all().stream()
                            .filter(it -> it.held > 0)
                            .map(it -> it.worker)
                            .distinct()
                            .count();
            return new IndexSize((int) workers, tree.places.size(), heldBlocks);
        }
    }

    /// What its arrays take.
    public long bytes() {
        synchronized (lock) {
            return forgetting.bytes(tree);
        }
    }

    /// Blocks, counted by worker and tier, that were forgotten for lack of room.
    public long forgottenBlocks() {
        synchronized (lock) {
            return forgetting.forgotten();
        }
    }

    /// The parts, for tests that check how they fit.
    ChainTree tree() {
        return tree;
    }

    Holders holders() {
        return holders;
    }

    private boolean run(PrefixWalk walk) {
        try {
            return walk.run();
        } catch (IndexOutOfBoundsException _) {
            return false; // it read what was reused meanwhile
        }
    }

    private Overlaps finish(PrefixWalk walk, TokenBlocks prompt) {
        if (walk.depth() > 0) {
            forgetting.note(prompt.sequenceHash(walk.depth() - 1));
        }
        return walk.overlaps();
    }

    private ApplyResult store(WorkerId worker, Stored event) {
        long parent = PlaceTable.NONE;
        if (event.parent().isPresent()) {
            parent = place(worker, event.tier(), event.parent().get().value());
            if (parent == PlaceTable.NONE) {
                return new ApplyResult.UnknownParent(event.parent().get());
            }
        }
        int count = event.blocks().size();
        if (count == 0) {
            return new ApplyResult.Applied(0, 0);
        }
        if (parent == PlaceTable.NONE) {
            path.read(event.blocks());
        } else {
            path.readBelow(tree.sequenceHash(parent), event.blocks());
        }
        Holder known = holders.find(worker, event.tier());
        Holder holder = known == null ? holders.enrol(worker, event.tier()) : known;
        int changed = store(holder, parent);
        settle(holder);
        return new ApplyResult.Applied(changed, count - changed);
    }

    private int store(Holder holder, long parent) {
        if (holder.names.isCanonical() && path.isCanonical()) {
            int changed = tree.store(holder, parent, path);
            add(holder, changed);
            return changed;
        }
        if (holder.names.isCanonical()) {
            holder.names.leaveCanonical();
            tree.forEachHeld(holder, hash -> holder.names.put(hash, hash));
        }
        int changed = name(holder);
        tree.store(holder, parent, path);
        for (long hash : displaced) {
            release(holder, hash);
        }
        displaced.clear();
        return changed;
    }

    /// Gives the blocks of the path their names and notes which other blocks lose one; returns how
    /// many names are new or moved.
    private int name(Holder holder) {
        tree.findHeld(holder, path, held);
        holder.names.touch(path);
        int changed = 0;
        for (int i = 0; i < path.count(); i++) {
            long hash = path.sequenceHash(i);
            Names.Put put = holder.names.put(path.name(i), hash);
            if (put == Names.Put.REPLACED) {
                displaced.add(holder.names.replaced());
            } else if (put == Names.Put.NEW) {
                add(holder, 1);
            }
            if (put != Names.Put.UNCHANGED) {
                changed++;
                if (held.get(i)) {
                    holder.names.addAlias(hash);
                }
            }
        }
        return changed;
    }

    /// The block that the worker calls so, in the given tier before the others.
    private long place(WorkerId worker, StorageTier tier, long name) {
        Holder own = holders.find(worker, tier);
        long place = own == null ? PlaceTable.NONE : place(own, name);
        if (place == PlaceTable.NONE) {
            for (Holder holder : holders.of(worker)) {
                place = place == PlaceTable.NONE ? place(holder, name) : place;
            }
        }
        return place;
    }

    private long place(Holder holder, long name) {
        if (!holder.names.isCanonical()) {
            boolean isKnown = holder.names.contains(name);
            return isKnown ? tree.places.find(holder.names.sequenceHash(name)) : PlaceTable.NONE;
        }
        long entry = tree.places.find(name);
        return entry != PlaceTable.NONE && tree.isHeld(holder, entry) ? entry : PlaceTable.NONE;
    }

    private ApplyResult evict(WorkerId worker, StorageTier tier, List<SequenceHash> blocks) {
        Holder holder = holders.find(worker, tier);
        int changed = 0;
        if (holder != null) {
            var span = new ReleasedSpan(tree, holder);
            if (!holder.names.isCanonical()) {
                holder.names.touch(blocks);
            }
            for (SequenceHash block : blocks) {
                changed += evict(holder, block.value(), span) ? 1 : 0;
            }
            span.flush();
            add(holder, -changed);
            settle(holder);
        }
        return new ApplyResult.Applied(changed, blocks.size() - changed);
    }

    private static boolean evict(Holder holder, long name, ReleasedSpan span) {
        if (holder.names.isCanonical()) {
            return span.release(name);
        }
        if (!holder.names.contains(name)) {
            return false;
        }
        long hash = holder.names.sequenceHash(name);
        holder.names.remove(name);
        return holder.names.removeAlias(hash) || span.release(hash);
    }

    /// Takes one name of a block away.
    private void release(Holder holder, long hash) {
        if (!holder.names.removeAlias(hash)) {
            var span = new ReleasedSpan(tree, holder);
            span.release(hash);
            span.flush();
        }
    }

    private int forget(WorkerId worker) {
        long count = 0;
        for (Holder holder : holders.of(worker)) {
            count += holder.held;
            tree.releaseAll(holder);
            forgetting.discount(holder);
        }
        heldBlocks -= count;
        holders.dismiss(worker);
        shrink();
        return (int) count;
    }

    private void add(Holder holder, int blocks) {
        holder.held += blocks;
        heldBlocks += blocks;
    }

    private void settle(Holder holder) {
        forgetting.account(holder);
        heldBlocks -= forgetting.settle(tree, holders);
        shrink();
    }

    /// Begins with new arrays when nothing is left in the old ones.
    private void shrink() {
        if (tree.chains.count() == 0) {
            tree.quarantine.drain();
            if (tree.bytes() > EMPTY_BYTES_MAX) {
                tree = new ChainTree(holders, newChains);
            }
        }
    }
}
