package dev.stator.kv.index.packed;

import dev.stator.kv.index.memory.IntSet;
import dev.stator.kv.index.packed.Holders.Holder;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The invariants of a `PackedPrefixIndex`, spelled out.
final class PackedIndexCheck {
    private final PackedPrefixIndex index;
    private final ChainTree tree;
    private final Set<Integer> chains = new HashSet<>();
    private final Map<Integer, Integer> setUses = new HashMap<>();
    private final Map<Holder, Set<Long>> held = new HashMap<>();
    private long places;

    private PackedIndexCheck(PackedPrefixIndex index) {
        this.index = index;
        this.tree = index.tree();
    }

    /// Throws `IllegalStateException` on a contradiction.
    static void check(PackedPrefixIndex index) {
        new PackedIndexCheck(index).run();
    }

    private void run() {
        index.holders().all().forEach(it -> held.put(it, new HashSet<>()));
        findChains();
        chains.forEach(this::checkChain);
        require(chains.size() == tree.chains.count(), "chains counted " + tree.chains.count());
        require(places == tree.places.size(), "places counted " + tree.places.size());
        long names = 0;
        for (Holder holder : index.holders().all()) {
            checkHolder(holder);
            names += holder.held;
        }
        require(names == index.size().heldBlocks(), "held blocks " + names);
        setUses.forEach((set, uses) -> require(tree.sets.uses(set) == uses, "uses of " + set));
    }

    /// All chains lie above what somebody holds.
    private void findChains() {
        Deque<Integer> open = new ArrayDeque<>();
        index.holders().all().forEach(it -> open.addAll(toList(it.chains)));
        while (!open.isEmpty()) {
            int chain = open.pop();
            if (chain != Chains.ROOT && chains.add(chain)) {
                open.push(tree.chains.parent(chain));
            }
        }
    }

    private void checkChain(int chain) {
        Chains all = tree.chains;
        int length = all.length(chain);
        require(length > 0 && length <= Chains.BLOCKS_MAX, "length of chain " + length);
        require(all.capacity(chain) >= length, "capacity of chain");
        for (int i = 0; i < length; i++) {
            long entry = tree.places.find(all.sequenceHash(chain, i));
            require(PlaceTable.chain(entry) == chain, "chain of a place");
            require(PlaceTable.offset(entry) == i, "offset of a place");
        }
        places += length;
        checkChildren(chain);
        checkRuns(chain);
        boolean endIsNeeded =
                tree.runs.heldEnd(chain) == length || all.deepestBranch(chain) == length - 1;
        require(endIsNeeded, "the end of a chain is not needed");
        require(!tree.isJoinable(chain), "a chain could be joined to its child");
    }

    private void checkChildren(int chain) {
        Chains all = tree.chains;
        int children = 0;
        int deepest = -1;
        int child = all.firstChild(chain);
        for (; child != Chains.ROOT; child = all.nextSibling(child)) {
            require(all.parent(child) == chain, "parent of a child");
            require(chains.contains(child), "a child leads to nothing that is held");
            require(all.parentOffset(child) < all.length(chain), "offset of a child");
            int depth = all.depth(chain) + all.parentOffset(child) + 1;
            require(all.depth(child) == depth, "depth of a child");
            deepest = Math.max(deepest, all.parentOffset(child));
            children++;
        }
        require(children == all.childCount(chain), "count of children");
        require(deepest == all.deepestBranch(chain), "deepest branch");
    }

    private void checkRuns(int chain) {
        long runs = tree.chains.runs(chain);
        int start = 0;
        int before = Integer.MIN_VALUE;
        for (int i = 0; i < Runs.count(runs); i++) {
            long run = Runs.run(tree.arena, runs, i);
            int set = Runs.holders(run);
            require(Runs.end(run) > start, "end of a run");
            require(set != before, "neighbouring runs have the same holders");
            if (set > HolderSets.EMPTY) {
                setUses.merge(set, 1, Integer::sum);
            }
            for (Holder holder : index.holders().all()) {
                if (tree.sets.contains(set, holder.slot)) {
                    require(holder.chains.contains(chain), "a holder does not know its chain");
                    collect(holder, chain, start, Runs.end(run));
                }
            }
            before = set;
            start = Runs.end(run);
        }
        require(start == tree.chains.length(chain), "runs end at " + start);
    }

    private void collect(Holder holder, int chain, int from, int to) {
        for (int i = from; i < to; i++) {
            held.getOrDefault(holder, Set.of()).add(tree.chains.sequenceHash(chain, i));
        }
    }

    private void checkHolder(Holder holder) {
        Set<Long> blocks = held.getOrDefault(holder, Set.of());
        for (int chain : holder.chains.toArray()) {
            require(tree.runs.held(chain, 0, holder.slot) > 0, "a holder has nothing of a chain");
        }
        if (holder.names.isCanonical()) {
            require(holder.held == blocks.size(), "canonical names " + holder.held);
            return;
        }
        Map<Long, Integer> names = new HashMap<>();
        holder.names.forEach((_, hash) -> names.merge(hash, 1, Integer::sum));
        require(names.keySet().equals(blocks), "names and runs disagree");
        names.forEach((hash, count) -> require(holder.names.count(hash) == count, "aliases"));
        require(holder.held == holder.names.size(), "names counted " + holder.held);
    }

    private static List<Integer> toList(IntSet numbers) {
        return Arrays.stream(numbers.toArray()).boxed().toList();
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("index is inconsistent: " + what);
        }
    }
}
