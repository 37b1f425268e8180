package dev.stator.kv.index.packed;

import dev.stator.kv.index.memory.IntSet;
import dev.stator.kv.index.memory.LongArena;
import dev.stator.kv.index.memory.Quarantine;
import dev.stator.kv.index.packed.Holders.Holder;

import java.util.BitSet;
import java.util.function.Function;
import java.util.function.LongConsumer;

/// Changes the chains: adds blocks, trims what nobody holds and joins what branches no more.
/// Changed by one thread at a time.
///
/// A child may hang below any block of a chain, so a branch splits nothing. Whatever is changed is
/// written first and led to afterwards: content, runs, length, then the entry in the table of
/// places; and taken away in the opposite order.
final class ChainTree {
    /// Children that are hung anew when a chain is joined to its parent; one with more stays.
    static final int JOINED_CHILDREN_MAX = 64;

    final Quarantine quarantine = new Quarantine();
    final LongArena arena;
    final HolderSets sets;
    final Chains chains;
    final PlaceTable places;
    final Runs runs;
    private final Holders holders;
    private IntSet pending = new IntSet(); // chains that are yet to be looked at
    private int time;

    ChainTree(Holders holders, Function<LongArena, Chains> newChains) {
        this.arena = new LongArena(quarantine);
        this.sets = new HolderSets(quarantine);
        this.chains = newChains.apply(arena);
        this.places = new PlaceTable(chains);
        this.runs = new Runs(chains, arena, sets);
        this.holders = holders;
    }

    long bytes() {
        return arena.bytes() + sets.bytes() + places.bytes();
    }

    /// What is used next counts as later than all that was used before.
    void tick() {
        time++;
    }

    /// Marks a block and all above it as used.
    void use(long sequenceHash) {
        long entry = places.find(sequenceHash);
        int chain = entry == PlaceTable.NONE ? Chains.ROOT : PlaceTable.chain(entry);
        while (chain != Chains.ROOT && chains.lastUse(chain) != time) {
            chains.use(chain, time);
            chain = chains.parent(chain);
        }
    }

    long sequenceHash(long place) {
        return chains.sequenceHash(PlaceTable.chain(place), PlaceTable.offset(place));
    }

    /// Calls `action` with the sequence hash of every block of the holder.
    void forEachHeld(Holder holder, LongConsumer action) {
        for (int chain : holder.chains.toArray()) {
            for (int offset = 0; offset < chains.length(chain); offset++) {
                if (runs.holds(chain, offset, holder.slot)) {
                    action.accept(chains.sequenceHash(chain, offset));
                }
            }
        }
    }

    /// Finds out which blocks of the path the holder has.
    void findHeld(Holder holder, Path path, BitSet held) {
        held.clear();
        int known = 0;
        while (known < path.count()) {
            long entry = places.find(path.sequenceHash(known));
            if (entry == PlaceTable.NONE) {
                break;
            }
            int chain = PlaceTable.chain(entry);
            int offset = PlaceTable.offset(entry);
            int common = chains.common(chain, offset, path, known);
            for (int i = 0; i < common; i++) {
                held.set(known + i, runs.holds(chain, offset + i, holder.slot));
            }
            known += common;
        }
    }

    boolean holds(Holder holder, long sequenceHash) {
        long entry = places.find(sequenceHash);
        return entry != PlaceTable.NONE && isHeld(holder, entry);
    }

    boolean isHeld(Holder holder, long entry) {
        return runs.holds(PlaceTable.chain(entry), PlaceTable.offset(entry), holder.slot);
    }

    /// Lets the holder have the blocks of a path; returns how many it did not have.
    ///
    /// @param parent the place above them, `NONE` at the root
    int store(Holder holder, long parent, Path path) {
        int chain = parent == PlaceTable.NONE ? Chains.ROOT : PlaceTable.chain(parent);
        int offset = PlaceTable.offset(parent);
        int done = 0;
        int changed = 0;
        while (done < path.count()) {
            long entry = places.find(path.sequenceHash(done));
            if (entry == PlaceTable.NONE) {
                break;
            }
            chain = PlaceTable.chain(entry);
            offset = PlaceTable.offset(entry);
            int common = chains.common(chain, offset, path, done);
            changed += runs.hold(chain, offset, offset + common, holder.slot);
            holder.chains.add(chain);
            chains.use(chain, time);
            done += common;
            offset += common - 1;
        }
        add(holder, PlaceTable.place(chain, offset), path, done);
        return changed + path.count() - done;
    }

    /// Adds the blocks of a path from `from` on, none of which is there.
    private void add(Holder holder, long parent, Path path, int from) {
        int chain = PlaceTable.chain(parent);
        int offset = PlaceTable.offset(parent);
        int done = from;
        while (done < path.count()) {
            int length = chain == Chains.ROOT ? 0 : chains.length(chain);
            boolean isLeafEnd =
                    chain != Chains.ROOT
                            && offset == length - 1
                            && chains.childCount(chain) == 0
                            && length < Chains.BLOCKS_MAX;
            int room = isLeafEnd ? Chains.BLOCKS_MAX - length : Chains.BLOCKS_MAX;
            int count = Math.min(room, path.count() - done);
            if (!isLeafEnd) {
                chain = chains.add(count, chain, offset);
                chains.hang(chain);
            }
            extend(holder, chain, path, done, count);
            offset = chains.length(chain) - 1;
            done += count;
        }
    }

    private void extend(Holder holder, int chain, Path path, int from, int count) {
        int length = chains.length(chain);
        chains.reserve(chain, length + count);
        chains.turnVersion(chain);
        for (int i = 0; i < count; i++) {
            chains.write(chain, length + i, path.sequenceHash(from + i), path.blockHash(from + i));
        }
        chains.turnVersion(chain);
        runs.hold(chain, length, length + count, holder.slot);
        chains.length(chain, length + count);
        places.add(chain, length, length + count);
        holder.chains.add(chain);
        chains.use(chain, time);
    }

    /// Takes blocks of one chain from the holder.
    void release(Holder holder, int chain, int from, int to) {
        if (!runs.release(chain, from, to, holder.slot)) {
            holder.chains.remove(chain);
        }
        trim(chain);
    }

    /// Takes everything from the holder.
    void releaseAll(Holder holder) {
        for (int chain : holder.chains.toArray()) {
            runs.release(chain, 0, chains.length(chain), holder.slot);
            holder.chains.remove(chain);
            pending.add(chain);
        }
        while (pending.size() > 0) {
            for (int chain : pending.toArray()) {
                if (pending.contains(chain)) {
                    pending.remove(chain);
                    trim(chain);
                }
            }
        }
    }

    /// From now on chains that are freed leave the set, and those that are joined to others are
    /// replaced by them.
    void follow(IntSet chainsToVisit) {
        pending = chainsToVisit;
    }

    /// Takes from everybody the end of a chain that no child hangs below; returns how many blocks
    /// were taken, counted by holder.
    int forget(int chain) {
        int from = chains.deepestBranch(chain) + 1;
        int length = chains.length(chain);
        int taken = 0;
        if (from < length) {
            long[] slots = runs.holders(chain);
            for (int word = 0; word < slots.length; word++) {
                for (long left = slots[word]; left != 0; left &= left - 1) {
                    int slot = word * Long.SIZE + Long.numberOfTrailingZeros(left);
                    taken += forget(holders.at(slot), chain, from);
                }
            }
            trim(chain);
        }
        return taken;
    }

    private int forget(Holder holder, int chain, int from) {
        int taken = runs.held(chain, from, holder.slot);
        if (!runs.release(chain, from, chains.length(chain), holder.slot)) {
            holder.chains.remove(chain);
        }
        if (holder.names.isCanonical()) {
            holder.held -= taken;
        }
        return taken;
    }

    /// Drops the end of the chain that nobody needs, and what above it is needed no more, and joins
    /// what is left.
    private void trim(int start) {
        int chain = start;
        while (chain != Chains.ROOT) {
            int kept = Math.max(runs.heldEnd(chain), chains.deepestBranch(chain) + 1);
            if (kept < chains.length(chain)) {
                cut(chain, kept);
            }
            if (kept > 0) {
                break;
            }
            int parent = chains.parent(chain);
            chains.unhang(chain);
            chains.free(chain);
            pending.remove(chain);
            chain = parent;
        }
        if (chain != Chains.ROOT) {
            int parent = chains.parent(chain);
            join(chain);
            join(parent);
        }
    }

    private void cut(int chain, int kept) {
        runs.truncate(chain, kept);
        places.remove(chain, kept, chains.length(chain));
        chains.length(chain, kept);
        if (kept > 0) {
            chains.compact(chain);
        }
    }

    /// Whether the chain and its only child should be one.
    boolean isJoinable(int chain) {
        if (chain == Chains.ROOT || chains.childCount(chain) != 1) {
            return false;
        }
        int child = chains.firstChild(chain);
        int length = chains.length(chain);
        return chains.parentOffset(child) == length - 1
                && length + chains.length(child) <= Chains.BLOCKS_MAX
                && chains.childCount(child) <= JOINED_CHILDREN_MAX;
    }

    private void join(int chain) {
        while (isJoinable(chain)) {
            absorb(chain, chains.firstChild(chain));
        }
    }

    private void absorb(int chain, int child) {
        int length = chains.length(chain);
        int more = chains.length(child);
        chains.reserve(chain, length + more);
        chains.turnVersion(chain);
        for (int i = 0; i < more; i++) {
            chains.write(
                    chain, length + i, chains.sequenceHash(child, i), chains.blockHash(child, i));
        }
        chains.turnVersion(chain);
        renumber(child, chain);
        runs.append(chain, child);
        chains.length(chain, length + more);
        for (int i = 0; i < more; i++) {
            long from = PlaceTable.place(child, i);
            places.move(chains.sequenceHash(child, i), from, chain, length + i);
        }
        while (chains.childCount(child) > 0) {
            int grandchild = chains.firstChild(child);
            chains.rehang(grandchild, chain, length + chains.parentOffset(grandchild));
        }
        chains.use(chain, Math.max(chains.lastUse(chain), chains.lastUse(child)));
        chains.unhang(child);
        runs.free(child);
        chains.free(child);
        if (pending.contains(child)) {
            pending.remove(child);
            pending.add(chain);
        }
    }

    /// Tells the holders of a chain that its blocks are in another one.
    private void renumber(int from, int to) {
        long[] slots = runs.holders(from);
        for (int word = 0; word < slots.length; word++) {
            for (long left = slots[word]; left != 0; left &= left - 1) {
                Holder holder = holders.at(word * Long.SIZE + Long.numberOfTrailingZeros(left));
                holder.chains.remove(from);
                holder.chains.add(to);
            }
        }
    }

    /// Blocks of one chain that a holder gives up together, gathered from single ones that are next
    /// to each other.
    static final class ReleasedSpan {
        private final ChainTree tree;
        private final Holder holder;
        private int chain = Chains.ROOT;
        private int from;
        private int to;

        ReleasedSpan(ChainTree tree, Holder holder) {
            this.tree = tree;
            this.holder = holder;
        }

        /// Whether the holder had the block.
        boolean release(long sequenceHash) {
            if (from > 0 && tree.chains.sequenceHash(chain, from - 1) == sequenceHash) {
                boolean isHeld = tree.runs.holds(chain, from - 1, holder.slot);
                from -= isHeld ? 1 : 0;
                return isHeld;
            }
            long entry = tree.places.find(sequenceHash);
            if (entry == PlaceTable.NONE || !tree.isHeld(holder, entry)) {
                return false;
            }
            int offset = PlaceTable.offset(entry);
            if (PlaceTable.chain(entry) == chain && from <= offset && offset < to) {
                return false;
            }
            if (PlaceTable.chain(entry) == chain && offset == to) {
                to = offset + 1;
            } else {
                begin(sequenceHash);
            }
            return true;
        }

        /// Takes what was gathered from the holder.
        void flush() {
            if (chain != Chains.ROOT) {
                tree.release(holder, chain, from, to);
                chain = Chains.ROOT;
                from = 0;
            }
        }

        /// A flush may move the block.
        private void begin(long sequenceHash) {
            flush();
            long entry = tree.places.find(sequenceHash);
            chain = PlaceTable.chain(entry);
            from = PlaceTable.offset(entry);
            to = from + 1;
        }
    }
}
