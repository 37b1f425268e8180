package dev.stator.kv.index.packed;

import dev.stator.kv.index.memory.Quarantine;

import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// Sets of slots, each kept once however many runs of blocks have it. Changed by one thread at a
/// time; may be read by others under the rules of `Quarantine`.
///
/// A set is named by a number: `EMPTY`, `~slot` for the set of one, else a bit set that is found by
/// the exclusive or of its members' hashes and never changes. Sets are counted by who uses them.
final class HolderSets implements Quarantine.Owner {
    static final int EMPTY = 0;

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final int SETS_MIN = 16;
    private static final long[] NO_WORDS = {};
    private static final int SET_BYTES = 4 + 4 + 4 + 8 + 8; // beside its words

    private final Quarantine quarantine;
    private long[][] words = new long[SETS_MIN][];
    private int[] uses = new int[SETS_MIN];
    private int[] sizes = new int[SETS_MIN];
    private long[] hashes = new long[SETS_MIN];
    private int[] table = new int[2 * SETS_MIN]; // numbers; 0 marks a free slot
    private int[] free = new int[SETS_MIN];
    private int freeCount;
    private int count = 1; // numbers ever given; 0 is the empty set
    private int live;
    private long wordBytes;

    HolderSets(Quarantine quarantine) {
        this.quarantine = quarantine;
        words[EMPTY] = NO_WORDS;
    }

    long bytes() {
        return (long) words.length * SET_BYTES + (long) table.length * Integer.BYTES + wordBytes;
    }

    boolean contains(int set, int slot) {
        if (set <= EMPTY) {
            return set == ~slot;
        }
        return (word(set, slot >>> 6) & 1L << slot) != 0;
    }

    /// 64 slots at once.
    long word(int set, int index) {
        if (set < EMPTY) {
            return (~set >>> 6) == index ? 1L << ~set : 0;
        }
        long[] all = words[set];
        return index < all.length ? all[index] : 0;
    }

    int size(int set) {
        return set < EMPTY ? 1 : set == EMPTY ? 0 : sizes[set];
    }

    /// By how many runs a set is used.
    int uses(int set) {
        return uses[set];
    }

    int words(int set) {
        return set < EMPTY ? (~set >>> 6) + 1 : words[set].length;
    }

    int with(int set, int slot) {
        if (set == EMPTY || set == ~slot) {
            return ~slot;
        }
        return contains(set, slot) ? set : toggle(set, slot, size(set) + 1);
    }

    int without(int set, int slot) {
        if (!contains(set, slot)) {
            return set;
        }
        if (set < EMPTY) {
            return EMPTY;
        }
        if (sizes[set] == 2) {
            return ~otherThan(set, slot);
        }
        return toggle(set, slot, sizes[set] - 1);
    }

    void use(int set) {
        if (set > EMPTY) {
            uses[set]++;
        }
    }

    void release(int set) {
        if (set > EMPTY && --uses[set] == 0) {
            remove(set);
            live--;
            quarantine.retire(this, set);
        }
    }

    @Override
    public void recycle(int set) {
        wordBytes -= bytes(words[set]);
        words[set] = NO_WORDS;
        free[freeCount++] = set;
    }

    private int otherThan(int set, int slot) {
        for (int i = 0; i < words[set].length; i++) {
            long word = slot >>> 6 == i ? words[set][i] & ~(1L << slot) : words[set][i];
            if (word != 0) {
                return i * Long.SIZE + Long.numberOfTrailingZeros(word);
            }
        }
        throw new IllegalStateException("set " + set + " has no slot beside " + slot);
    }

    private int toggle(int set, int slot, int size) {
        long[] members = members(set, slot);
        long hash = (set < EMPTY ? mix(~set) : hashes[set]) ^ mix(slot);
        int at = home(hash);
        while (table[at] != 0) {
            int found = table[at];
            if (hashes[found] == hash && Arrays.equals(words[found], members)) {
                return found;
            }
            at = (at + 1) & (table.length - 1);
        }
        return add(members, hash, size);
    }

    private long[] members(int set, int slot) {
        int length = Math.max(words(set), (slot >>> 6) + 1);
        var members = new long[length];
        for (int i = 0; i < length; i++) {
            members[i] = word(set, i);
        }
        members[slot >>> 6] ^= 1L << slot;
        while (members[length - 1] == 0) {
            length--;
        }
        return length == members.length ? members : Arrays.copyOf(members, length);
    }

    private int add(long[] members, long hash, int size) {
        if (freeCount == 0 && count == words.length) {
            growNumbers();
        }
        int set = freeCount > 0 ? free[--freeCount] : count++;
        uses[set] = 0;
        sizes[set] = size;
        hashes[set] = hash;
        wordBytes += bytes(members);
        VarHandle.releaseFence();
        words[set] = members;
        live++;
        if (live * 2 > table.length) {
            rehash(2 * table.length);
        }
        insert(set);
        return set;
    }

    private void growNumbers() {
        int capacity = 2 * words.length;
        uses = Arrays.copyOf(uses, capacity);
        sizes = Arrays.copyOf(sizes, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        free = Arrays.copyOf(free, capacity);
        long[][] more = Arrays.copyOf(words, capacity);
        VarHandle.releaseFence();
        words = more;
    }

    private void rehash(int capacity) {
        int[] old = table;
        table = new int[capacity];
        for (int set : old) {
            if (set != 0) {
                insert(set);
            }
        }
    }

    private void insert(int set) {
        int at = home(hashes[set]);
        while (table[at] != 0) {
            at = (at + 1) & (table.length - 1);
        }
        table[at] = set;
    }

    private void remove(int set) {
        int mask = table.length - 1;
        int gap = home(hashes[set]);
        while (table[gap] != set) {
            gap = (gap + 1) & mask;
        }
        for (int at = (gap + 1) & mask; table[at] != 0; at = (at + 1) & mask) {
            if (((at - home(hashes[table[at]])) & mask) >= ((at - gap) & mask)) {
                table[gap] = table[at];
                gap = at;
            }
        }
        table[gap] = 0;
        if (table.length > 2 * SETS_MIN && live * 8 < table.length) {
            rehash(table.length / 2);
        }
    }

    private int home(long hash) {
        return (int) (hash >>> 33) & (table.length - 1);
    }

    private static long mix(int slot) {
        long mixed = (slot + 1) * GOLDEN_RATIO;
        return (mixed ^ (mixed >>> 32)) * GOLDEN_RATIO;
    }

    private static int bytes(long[] members) {
        return members.length == 0 ? 0 : 16 + members.length * Long.BYTES;
    }
}
