package dev.stator.kv.index.packed;

import dev.stator.kv.index.Overlaps;
import dev.stator.tokens.TokenBlocks;

import java.util.Arrays;

/// One lookup: follows a prompt from chain to chain while some holder has all blocks so far; each
/// leaves at its first gap, and the next tier of its worker goes on if it can.
final class PrefixWalk implements Chains.HashSource {
    private static final int TIERS = 3;

    private final ChainTree tree;
    private final Holders.View view;
    private final TokenBlocks prompt;
    private final long[] going; // slots that hold everything so far, since their worker's turn came
    private final int[] device;
    private int[][] byTier = {};
    private int[] starts = {}; // where the tier that is going began, by worker
    private int lastSet = -1;
    private boolean isBegun;
    private boolean isOver;
    private int depth;

    PrefixWalk(ChainTree tree, Holders.View view, TokenBlocks prompt) {
        this.tree = tree;
        this.view = view;
        this.prompt = prompt;
        this.going = new long[view.words];
        this.device = new int[view.table.size()];
        if (view.hasLower) {
            starts = new int[device.length];
            byTier = new int[TIERS][];
            byTier[0] = device;
            byTier[1] = new int[device.length];
            byTier[2] = new int[device.length];
        }
    }

    @Override
    public int count() {
        return prompt.count();
    }

    @Override
    public long sequenceHash(int index) {
        return prompt.sequenceHash(index);
    }

    /// Whether the walk was undisturbed; otherwise it says nothing.
    boolean run() {
        if (!ascend() || !descend()) {
            return false;
        }
        for (int word = 0; word < going.length; word++) {
            leave(word, going[word], HolderSets.EMPTY, depth);
        }
        return true;
    }

    /// Goes through the chains that are known from below.
    private boolean ascend() {
        var ascent = new Ascent(tree, this);
        for (int i = ascent.run() - 1; i >= 0 && !isOver; i--) {
            pass(ascent.runs(i), ascent.firstRun(i), 0, ascent.blocks(i));
            if (!tree.chains.isUnchanged(ascent.chain(i), ascent.version(i))) {
                return false;
            }
        }
        return true;
    }

    /// Asks the table for the next block until it has none.
    private boolean descend() {
        while (depth < prompt.count() && !isOver) {
            long entry = tree.places.find(prompt.sequenceHash(depth));
            if (entry == PlaceTable.NONE) {
                break;
            }
            if (entry == PlaceTable.UNSURE || !follow(entry)) {
                return false;
            }
        }
        return true;
    }

    /// Goes through the blocks that the chain has in common with the prompt.
    private boolean follow(long entry) {
        int chain = PlaceTable.chain(entry);
        int offset = PlaceTable.offset(entry);
        long version = tree.chains.version(chain);
        int common = tree.chains.common(chain, offset, this, depth);
        long runs = tree.chains.runs(chain);
        pass(runs, runs == 0 ? 0 : Runs.run(tree.arena, runs, 0), offset, common);
        return common > 0 && tree.chains.isUnchanged(chain, version);
    }

    Overlaps overlaps() {
        if (!isBegun) {
            return Overlaps.NONE;
        }
        return view.hasLower ? Overlaps.of(view.table, byTier) : Overlaps.of(view.table, device);
    }

    /// How many blocks of the prompt were found.
    int depth() {
        return depth;
    }

    /// Meets the holders of so many blocks from `offset` on, up to one that nobody has.
    private void pass(long runs, long first, int offset, int blocks) {
        int to = offset + blocks;
        int at = offset;
        int count = runs == 0 ? 0 : Runs.count(runs);
        for (int i = 0; i < count && at < to; i++) {
            long run = i == 0 ? first : Runs.run(tree.arena, runs, i);
            if (Runs.end(run) <= at) {
                continue;
            }
            meet(Runs.holders(run), depth + at - offset);
            if (isOver) {
                break;
            }
            at = Math.min(Runs.end(run), to);
        }
        depth += at - offset;
        isOver |= at < to;
    }

    private void meet(int set, int depth) {
        if (isBegun && set == lastSet) {
            return;
        }
        lastSet = set;
        if (!isBegun) {
            isBegun = true;
            begin(set);
        }
        for (int word = 0; word < going.length; word++) {
            long leaving = going[word] & ~tree.sets.word(set, word);
            if (leaving != 0) {
                leave(word, leaving, set, depth);
            }
        }
        long left = 0;
        for (long word : going) {
            left |= word;
        }
        isOver = left == 0;
    }

    private void begin(int set) {
        for (int word = 0; word < going.length; word++) {
            long holders = tree.sets.word(set, word);
            going[word] = holders & view.devices[word];
            long lower = holders & view.lower[word];
            for (; lower != 0; lower &= lower - 1) {
                int slot = word * Long.SIZE + Long.numberOfTrailingZeros(lower);
                if (view.nextBelow(view.worker(slot), -1, tree.sets, set) == slot) {
                    going[word] |= 1L << slot;
                }
            }
        }
    }

    private void leave(int word, long leaving, int set, int depth) {
        long before = going[word];
        going[word] = before & ~leaving;
        if (before == -1L && view.isDirect) {
            int first = word * Long.SIZE;
            Arrays.fill(device, first, first + Long.SIZE, depth); // those that stay leave later
            return;
        }
        for (long left = leaving; left != 0; left &= left - 1) {
            int slot = word * Long.SIZE + Long.numberOfTrailingZeros(left);
            int worker = view.worker(slot);
            if (!view.hasLower) {
                device[worker] = depth;
                continue;
            }
            int tier = view.tier(slot);
            byTier[tier][worker] = depth - starts[worker];
            starts[worker] = depth;
            int next = view.nextBelow(worker, tier, tree.sets, set);
            if (next >= 0) {
                going[next >>> 6] |= 1L << next;
            }
        }
    }
}
