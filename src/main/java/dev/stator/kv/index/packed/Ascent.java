package dev.stator.kv.index.packed;

import java.util.Arrays;

/// The chains that lead to the deepest block of a prompt that a few guesses find. Used by one
/// lookup.
///
/// A lookup that goes down waits for the table, a chain and its content before it knows where to
/// ask next. This asks the table for several blocks at once and goes up from the deepest one: where
/// each chain hangs is known without a search in it. A guess may be wrong and chains may move
/// meanwhile, so each chain must hold the prompt's block where it is left; else there is no ascent,
/// and the lookup begins at the top.
final class Ascent {
    private static final int GUESSES = 8;
    private static final int BLOCKS_MIN = 16; // of a prompt that is worth guesses

    private final ChainTree tree;
    private final Chains.HashSource prompt;
    private int[] chains = new int[8]; // from the deepest to the top
    private int[] blocks = new int[8]; // of each chain, from its first one on
    private long[] runs = new long[8]; // of each chain
    private long[] firstRuns = new long[8];
    private int count;

    Ascent(ChainTree tree, Chains.HashSource prompt) {
        this.tree = tree;
        this.prompt = prompt;
    }

    int chainCount() {
        return count;
    }

    /// Chains are counted from the deepest on.
    int chain(int index) {
        return chains[index];
    }

    /// How many blocks of the chain, from its first one on, are the prompt's.
    int blocks(int index) {
        return blocks[index];
    }

    /// The chain's runs.
    long runs(int index) {
        return runs[index];
    }

    /// The first of the chain's runs, 0 if there is none.
    long firstRun(int index) {
        return firstRuns[index];
    }

    void run() {
        if (prompt.count() < BLOCKS_MIN) {
            return;
        }
        if (climb(prompt.count() - 1)) {
            return;
        }
        long touched = 0;
        for (int i = 1; i < GUESSES; i++) {
            touched |= tree.places.touch(prompt.sequenceHash(position(i)));
        }
        for (int i = GUESSES - 1; i > 0 && touched != PlaceTable.NONE; i--) {
            if (climb(position(i))) {
                return;
            }
        }
    }

    private int position(int guess) {
        return (int) ((long) prompt.count() * guess / GUESSES) - 1;
    }

    /// Goes up from the place where block `index` of the prompt should be; returns whether it was
    /// there.
    private boolean climb(int index) {
        long entry = tree.places.guess(prompt.sequenceHash(index));
        Chains all = tree.chains;
        int chain = PlaceTable.chain(entry);
        int last = PlaceTable.offset(entry);
        int left = index;
        count = 0;
        while (chain != Chains.ROOT
                && all.depth(chain) + last == left
                && all.isAt(chain, last, prompt.sequenceHash(left))) {
            push(chain, last + 1);
            left -= last + 1;
            if (left < 0) {
                blocks[0] += all.common(chains[0], blocks[0], prompt, index + 1);
                return true;
            }
            last = all.parentOffset(chain);
            chain = all.parent(chain);
        }
        count = 0;
        return false;
    }

    private void push(int chain, int length) {
        if (count == chains.length) {
            chains = Arrays.copyOf(chains, 2 * count);
            blocks = Arrays.copyOf(blocks, 2 * count);
            runs = Arrays.copyOf(runs, 2 * count);
            firstRuns = Arrays.copyOf(firstRuns, 2 * count);
        }
        long all = tree.chains.runs(chain);
        chains[count] = chain;
        blocks[count] = length;
        runs[count] = all;
        firstRuns[count++] = all == 0 ? 0 : Runs.run(tree.arena, all, 0);
    }
}
