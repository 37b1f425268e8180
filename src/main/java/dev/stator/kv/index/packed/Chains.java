package dev.stator.kv.index.packed;

import dev.stator.kv.index.memory.LongArena;

import java.lang.invoke.VarHandle;

/// The chains: runs of blocks that follow each other, each with a header of eight longs, whose
/// address is the chain's number. Changed by one thread at a time; may be read by others under the
/// rules of `Quarantine`.
///
/// ```
/// content   extent address : 32 · capacity : 16 · length : 16
/// runs      see Runs
/// parent    chain : 32 · offset of the block in it : 32
/// children  first child : 32 · how many : 32
/// siblings  next : 32 · previous : 32
/// use       time of the last use : 32 · blocks above : 32
/// branch    offset of the deepest child's parent : 32 · children there, 0 if unknown : 32
/// version   odd while blocks are being written
/// ```
///
/// A chain's extent holds the sequence hashes of its blocks, then their block hashes. Sequence
/// hashes name whole prefixes, so two paths that are equal at a block are equal before it.
class Chains {
    static final int BLOCKS_MAX = LongArena.EXTENT_MAX / 2;
    static final int ROOT = 0;

    private static final int HEADER_LONGS = 8;
    private static final int CONTENT = 0;
    private static final int RUNS = 1;
    private static final int PARENT = 2;
    private static final int CHILDREN = 3;
    private static final int SIBLINGS = 4;
    private static final int USE = 5;
    private static final int BRANCH = 6;
    private static final int VERSION = 7;

    private final LongArena arena;
    private int count;

    Chains(LongArena arena) {
        this.arena = arena;
        arena.allocate(HEADER_LONGS); // no chain has the number of the root
    }

    int count() {
        return count;
    }

    /// A chain with room for so many blocks and none of them, that nothing leads to.
    int add(int blocks, int parent, int parentOffset) {
        int chain = arena.allocate(HEADER_LONGS);
        int extent = arena.allocate(2 * blocks);
        arena.set(chain + CONTENT, content(extent, LongArena.roundUp(2 * blocks) / 2, 0));
        arena.set(chain + RUNS, 0);
        arena.set(chain + PARENT, pair(parent, parentOffset));
        arena.set(chain + CHILDREN, 0);
        arena.set(chain + SIBLINGS, 0);
        int above = parent == ROOT ? 0 : depth(parent) + parentOffset + 1;
        arena.set(chain + USE, pair(0, above));
        arena.set(chain + BRANCH, pair(-1, 0));
        arena.set(chain + VERSION, 0);
        count++;
        return chain;
    }

    void free(int chain) {
        count--;
        arena.free(high(arena.get(chain + CONTENT)));
        arena.free(chain);
    }

    int length(int chain) {
        return (int) arena.get(chain + CONTENT) & 0xffff;
    }

    int capacity(int chain) {
        return (int) arena.get(chain + CONTENT) >>> 16;
    }

    long sequenceHash(int chain, int offset) {
        return arena.get(high(arena.get(chain + CONTENT)) + offset);
    }

    long blockHash(int chain, int offset) {
        long content = arena.get(chain + CONTENT);
        return arena.get(high(content) + ((int) content >>> 16) + offset);
    }

    /// How many blocks from `offset` on equal the hashes from `from` on, at most up to `to`.
    int common(int chain, int offset, HashSource hashes, int from) {
        long content = arena.get(chain + CONTENT);
        VarHandle.acquireFence();
        int max = Math.min(((int) content & 0xffff) - offset, hashes.count() - from);
        if (max <= 0) {
            return 0;
        }
        int address = high(content) + offset;
        long[] array = arena.array(address);
        int start = LongArena.offset(address);
        if (array[start + max - 1] == hashes.sequenceHash(from + max - 1)) {
            return max;
        }
        int equal = 0;
        int different = max - 1;
        while (equal < different) {
            int middle = (equal + different) >>> 1;
            if (array[start + middle] == hashes.sequenceHash(from + middle)) {
                equal = middle + 1;
            } else {
                different = middle;
            }
        }
        return equal;
    }

    /// Whether the block is the one of that hash.
    boolean isAt(int chain, int offset, long sequenceHash) {
        long content = arena.get(chain + CONTENT);
        VarHandle.acquireFence();
        return arena.get(high(content) + offset) == sequenceHash;
    }

    /// What a reader notes before it looks at content and runs that shall belong together.
    long version(int chain) {
        long version = arena.get(chain + VERSION);
        VarHandle.acquireFence();
        return version;
    }

    /// Whether no block was written since the version was noted, so that the content was the same
    /// all the time.
    boolean isUnchanged(int chain, long version) {
        VarHandle.acquireFence();
        return (version & 1) == 0 && arena.get(chain + VERSION) == version;
    }

    /// Lets readers know that blocks are going to be written, or are, behind the end.
    void turnVersion(int chain) {
        VarHandle.releaseFence();
        arena.set(chain + VERSION, arena.get(chain + VERSION) + 1);
        VarHandle.releaseFence();
    }

    /// Makes room for so many blocks, in another extent if need be.
    void reserve(int chain, int blocks) {
        if (blocks > capacity(chain)) {
            move(chain, LongArena.roundUp(2 * blocks) / 2);
        }
    }

    /// Moves the blocks to a smaller extent if most of this one is unused.
    void compact(int chain) {
        int fitting = LongArena.roundUp(2 * length(chain)) / 2;
        if (2 * fitting <= capacity(chain)) {
            move(chain, fitting);
        }
    }

    /// Writes a block behind the others; there must be room. `length` does not count it yet.
    void write(int chain, int offset, long sequenceHash, long blockHash) {
        long content = arena.get(chain + CONTENT);
        int address = high(content) + offset;
        arena.set(address, sequenceHash);
        arena.set(address + ((int) content >>> 16), blockHash);
    }

    void length(int chain, int length) {
        long content = arena.get(chain + CONTENT);
        VarHandle.releaseFence();
        arena.set(chain + CONTENT, (content & ~0xffffL) | length);
    }

    long runs(int chain) {
        long runs = arena.get(chain + RUNS);
        VarHandle.acquireFence();
        return runs;
    }

    void runs(int chain, long runs) {
        VarHandle.releaseFence();
        arena.set(chain + RUNS, runs);
    }

    int parent(int chain) {
        return high(arena.get(chain + PARENT));
    }

    int parentOffset(int chain) {
        return (int) arena.get(chain + PARENT);
    }

    int firstChild(int chain) {
        return high(arena.get(chain + CHILDREN));
    }

    int childCount(int chain) {
        return (int) arena.get(chain + CHILDREN);
    }

    int nextSibling(int chain) {
        return high(arena.get(chain + SIBLINGS));
    }

    /// Blocks above the chain's first one.
    int depth(int chain) {
        return (int) arena.get(chain + USE);
    }

    int lastUse(int chain) {
        return high(arena.get(chain + USE));
    }

    void use(int chain, int time) {
        arena.set(chain + USE, pair(time, depth(chain)));
    }

    /// Where the deepest child hangs, -1 if there is none.
    int deepestBranch(int chain) {
        long branch = arena.get(chain + BRANCH);
        if ((int) branch > 0 || childCount(chain) == 0) {
            return childCount(chain) == 0 ? -1 : high(branch);
        }
        int deepest = -1;
        int hanging = 0;
        for (int child = firstChild(chain); child != ROOT; child = nextSibling(child)) {
            int offset = parentOffset(child);
            hanging = offset > deepest ? 1 : offset == deepest ? hanging + 1 : hanging;
            deepest = Math.max(deepest, offset);
        }
        arena.set(chain + BRANCH, pair(deepest, hanging));
        return deepest;
    }

    /// Makes the chain a child of its parent.
    void hang(int chain) {
        int parent = parent(chain);
        if (parent == ROOT) {
            return;
        }
        int deepest = deepestBranch(parent);
        int first = firstChild(parent);
        arena.set(chain + SIBLINGS, pair(first, ROOT));
        if (first != ROOT) {
            arena.set(first + SIBLINGS, pair(nextSibling(first), chain));
        }
        arena.set(parent + CHILDREN, pair(chain, childCount(parent) + 1));
        int offset = parentOffset(chain);
        if (offset >= deepest) {
            int hanging = (int) arena.get(parent + BRANCH);
            arena.set(parent + BRANCH, pair(offset, offset == deepest ? hanging + 1 : 1));
        }
    }

    /// Undoes `hang`.
    void unhang(int chain) {
        int parent = parent(chain);
        if (parent == ROOT) {
            return;
        }
        int next = nextSibling(chain);
        int previous = (int) arena.get(chain + SIBLINGS);
        if (next != ROOT) {
            arena.set(next + SIBLINGS, pair(nextSibling(next), previous));
        }
        if (previous != ROOT) {
            arena.set(previous + SIBLINGS, pair(next, (int) arena.get(previous + SIBLINGS)));
        }
        int first = previous == ROOT ? next : firstChild(parent);
        arena.set(parent + CHILDREN, pair(first, childCount(parent) - 1));
        long branch = arena.get(parent + BRANCH);
        if (high(branch) == parentOffset(chain) && (int) branch > 0) {
            arena.set(parent + BRANCH, branch - 1);
        }
    }

    /// Hangs the chain below another block of the same path.
    void rehang(int chain, int parent, int parentOffset) {
        unhang(chain);
        VarHandle.releaseFence();
        arena.set(chain + PARENT, pair(parent, parentOffset));
        hang(chain);
    }

    private void move(int chain, int capacity) {
        long content = arena.get(chain + CONTENT);
        int length = length(chain);
        int extent = arena.allocate(2 * capacity);
        arena.copy(high(content), extent, length);
        arena.copy(high(content) + ((int) content >>> 16), extent + capacity, length);
        VarHandle.releaseFence();
        arena.set(chain + CONTENT, content(extent, capacity, length));
        arena.free(high(content));
    }

    private static long content(int extent, int capacity, int length) {
        return pair(extent, (capacity << 16) | length);
    }

    private static long pair(int high, int low) {
        return ((long) high << 32) | (low & 0xffff_ffffL);
    }

    private static int high(long pair) {
        return (int) (pair >>> 32);
    }

    /// A sequence of sequence hashes.
    interface HashSource {
        int count();

        long sequenceHash(int index);
    }
}
