package dev.stator.kv.index.packed;

import java.util.Arrays;

/// The chains that lead to the deepest block of a prompt that a few guesses find. Used by one
/// lookup.
///
/// A lookup that goes down waits for the table, a chain and its content before it knows where to
/// ask next. This goes up: it asks the table for the last block, then for several others at once,
/// and where a chain hangs is known without a search. A guess may be wrong and chains may move
/// meanwhile, so each chain must hold the prompt's block where it is left; else there is no ascent,
/// and the lookup begins at the top.
///
/// ```
/// step   chain : 32 · blocks of it, from its first one on : 32  |  its runs  |  the first of them
///        |  its version
/// ```
final class Ascent {
    private static final int GUESSES = 8;
    private static final int BLOCKS_MIN = 16; // of a prompt that is worth guesses
    private static final int STEP_LONGS = 4;

    private final ChainTree tree;
    private final Chains.HashSource prompt;
    private long[] steps = new long[6 * STEP_LONGS]; // from the deepest chain to the top
    private int count;

    Ascent(ChainTree tree, Chains.HashSource prompt) {
        this.tree = tree;
        this.prompt = prompt;
    }

    /// Finds the chains; those it finds are counted from the deepest on.
    int run() {
        if (prompt.count() < BLOCKS_MIN || climb(prompt.count() - 1)) {
            return count;
        }
        long touched = 0;
        for (int i = 1; i < GUESSES; i++) {
            touched |= tree.places.touch(prompt.sequenceHash(position(i)));
        }
        for (int i = GUESSES - 1; i > 0 && touched != PlaceTable.NONE; i--) {
            if (climb(position(i))) {
                break;
            }
        }
        return count;
    }

    int chain(int index) {
        return (int) (steps[index * STEP_LONGS] >>> 32);
    }

    /// How many blocks of the chain, from its first one on, are the prompt's.
    int blocks(int index) {
        return (int) steps[index * STEP_LONGS];
    }

    long runs(int index) {
        return steps[index * STEP_LONGS + 1];
    }

    /// The first of the chain's runs, 0 if there is none.
    long firstRun(int index) {
        return steps[index * STEP_LONGS + 2];
    }

    /// The version of the chain that all this is true of.
    long version(int index) {
        return steps[index * STEP_LONGS + 3];
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
        while (chain != Chains.ROOT) {
            long version = all.version(chain);
            if (all.depth(chain) + last != left
                    || !all.isAt(chain, last, prompt.sequenceHash(left))) {
                break;
            }
            push(chain, last + 1, version);
            left -= last + 1;
            if (left < 0) {
                steps[0] += all.common(chain(0), blocks(0), prompt, index + 1);
                return true;
            }
            last = all.parentOffset(chain);
            chain = all.parent(chain);
        }
        count = 0;
        return false;
    }

    private void push(int chain, int blocks, long version) {
        int at = STEP_LONGS * count++;
        if (at == steps.length) {
            steps = Arrays.copyOf(steps, 2 * at);
        }
        long runs = tree.chains.runs(chain);
        steps[at] = ((long) chain << 32) | blocks;
        steps[at + 1] = runs;
        steps[at + 2] = runs == 0 ? 0 : Runs.run(tree.arena, runs, 0);
        steps[at + 3] = version;
    }
}
