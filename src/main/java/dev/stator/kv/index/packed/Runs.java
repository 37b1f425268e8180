package dev.stator.kv.index.packed;

import dev.stator.kv.index.memory.LongArena;

import java.util.Arrays;

/// Who holds which blocks of a chain: runs of blocks with the same holders, each with where it
/// ends. A workspace for one chain at a time. Not thread-safe.
///
/// A chain's `runs` long is its only run, or leads to an extent with all of them. Neighbours have
/// different holders, and the last run ends where the chain ends.
///
/// ```
/// run    end : 32 · set of holders : 32
/// many   1 · how many : 31 · extent address : 32
/// ```
final class Runs {
    private final Chains chains;
    private final LongArena arena;
    private final HolderSets sets;
    private long[] loaded = new long[16]; // as they are in the chain
    private int loadedCount;
    private long[] runs = new long[16]; // as they are to be
    private int count;

    Runs(Chains chains, LongArena arena, HolderSets sets) {
        this.chains = chains;
        this.arena = arena;
        this.sets = sets;
    }

    static int count(long runs) {
        return runs < 0 ? (int) (runs >>> 32) & 0x7fff_ffff : 1;
    }

    /// One of the runs that a chain's long stands for.
    static long run(LongArena arena, long runs, int index) {
        return runs < 0 ? arena.get((int) runs + index) : runs;
    }

    static int end(long run) {
        return (int) (run >>> 32);
    }

    static int holders(long run) {
        return (int) run;
    }

    private static long run(int end, int holders) {
        return ((long) end << 32) | (holders & 0xffff_ffffL);
    }

    /// Lets the slot hold blocks up to `to`, which may be the first ones behind the known runs;
    /// returns how many it did not hold.
    int hold(int chain, int from, int to, int slot) {
        load(chain);
        int changed = 0;
        int start = 0;
        for (int i = 0; i < loadedCount; i++) {
            int end = end(loaded[i]);
            int set = holders(loaded[i]);
            int first = Math.clamp(from, start, end);
            int last = Math.clamp(to, first, end);
            push(first, set);
            if (first < last) {
                changed += sets.contains(set, slot) ? 0 : last - first;
                push(last, sets.with(set, slot));
            }
            push(end, set);
            start = end;
        }
        if (to > start) {
            changed += to - start;
            push(to, sets.with(HolderSets.EMPTY, slot));
        }
        store(chain);
        return changed;
    }

    /// Takes blocks from the slot; returns whether it still holds some of the chain.
    boolean release(int chain, int from, int to, int slot) {
        load(chain);
        int start = 0;
        boolean isHolding = false;
        for (int i = 0; i < loadedCount; i++) {
            int end = end(loaded[i]);
            int set = holders(loaded[i]);
            int first = Math.clamp(from, start, end);
            int last = Math.clamp(to, first, end);
            push(first, set);
            if (first < last) {
                push(last, sets.without(set, slot));
            }
            push(end, set);
            isHolding |= last - first < end - start && sets.contains(set, slot);
            start = end;
        }
        store(chain);
        return isHolding;
    }

    /// Where the blocks end that somebody holds.
    int heldEnd(int chain) {
        load(chain);
        if (loadedCount > 0 && holders(loaded[loadedCount - 1]) == HolderSets.EMPTY) {
            return loadedCount == 1 ? 0 : end(loaded[loadedCount - 2]);
        }
        return loadedCount == 0 ? 0 : end(loaded[loadedCount - 1]);
    }

    /// Cuts the runs off at `end`.
    void truncate(int chain, int end) {
        load(chain);
        for (int i = 0; i < loadedCount; i++) {
            push(Math.min(end, end(loaded[i])), holders(loaded[i]));
        }
        store(chain);
    }

    /// Adds the runs of `other` behind those of the chain.
    void append(int chain, int other) {
        load(other);
        long[] more = Arrays.copyOf(loaded, loadedCount);
        load(chain);
        for (int i = 0; i < loadedCount; i++) {
            push(end(loaded[i]), holders(loaded[i]));
        }
        int length = count == 0 ? 0 : end(runs[count - 1]);
        for (long run : more) {
            push(length + end(run), holders(run));
        }
        store(chain);
    }

    /// The chain is given up; a reader that came to it before may still read them.
    void free(int chain) {
        load(chain);
        release(chains.runs(chain));
    }

    boolean holds(int chain, int offset, int slot) {
        long all = chains.runs(chain);
        for (int i = 0; i < count(all); i++) {
            long run = run(arena, all, i);
            if (offset < end(run)) {
                return sets.contains(holders(run), slot);
            }
        }
        return false;
    }

    /// All slots that hold some of the chain.
    long[] holders(int chain) {
        load(chain);
        long[] slots = {};
        for (int i = 0; i < loadedCount; i++) {
            int set = holders(loaded[i]);
            int words = sets.words(set);
            slots = words > slots.length ? Arrays.copyOf(slots, words) : slots;
            for (int word = 0; word < words; word++) {
                slots[word] |= sets.word(set, word);
            }
        }
        return slots;
    }

    /// How many blocks from `from` on the slot holds.
    int held(int chain, int from, int slot) {
        load(chain);
        int held = 0;
        int start = 0;
        for (int i = 0; i < loadedCount; i++) {
            int end = end(loaded[i]);
            if (end > from && sets.contains(holders(loaded[i]), slot)) {
                held += end - Math.max(start, from);
            }
            start = end;
        }
        return held;
    }

    private void load(int chain) {
        long all = chains.runs(chain);
        loadedCount = all == 0 ? 0 : count(all);
        if (loadedCount > loaded.length) {
            loaded = new long[2 * loadedCount];
        }
        for (int i = 0; i < loadedCount; i++) {
            loaded[i] = run(arena, all, i);
        }
        count = 0;
    }

    /// Lets the run that ends at `end` have these holders, if there is one.
    private void push(int end, int set) {
        int start = count == 0 ? 0 : end(runs[count - 1]);
        if (end <= start) {
            return;
        }
        if (count > 0 && holders(runs[count - 1]) == set) {
            count--;
        }
        if (count == runs.length) {
            runs = Arrays.copyOf(runs, 2 * count);
        }
        runs[count++] = run(end, set);
    }

    private void store(int chain) {
        for (int i = 0; i < count; i++) {
            sets.use(holders(runs[i]));
        }
        long before = chains.runs(chain);
        if (count <= 1) {
            chains.runs(chain, count == 0 ? 0 : runs[0]);
        } else {
            int address = arena.allocate(count);
            for (int i = 0; i < count; i++) {
                arena.set(address + i, runs[i]);
            }
            chains.runs(chain, (1L << 63) | ((long) count << 32) | address);
        }
        release(before);
    }

    /// Gives back what was loaded.
    private void release(long before) {
        for (int i = 0; i < loadedCount; i++) {
            sets.release(holders(loaded[i]));
        }
        if (before < 0) {
            arena.free((int) before);
        }
    }
}
