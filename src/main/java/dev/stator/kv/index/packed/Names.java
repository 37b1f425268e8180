package dev.stator.kv.index.packed;

import dev.stator.tokens.LongMap;
import dev.stator.tokens.SequenceHash;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/// What one holder calls its blocks. Not thread-safe.
///
/// A holder that names every block by its sequence hash needs no table: then this is canonical, and
/// what it holds is known by the runs alone. With the first other name all names go into a table of
/// pairs, name and sequence hash. Open addressing; removal shifts back; the table grows by
/// half and shrinks.
final class Names {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final int CAPACITY_MIN = 4;
    private static final long NO_NAME = 0; // the name 0 itself is kept aside

    private final LongMap<Integer> aliases = new LongMap<>(); // names beyond the first, by hash
    private long[] pairs = {};
    private int size;
    private boolean isCanonical = true;
    private boolean hasZero;
    private long zeroHash;
    private long replaced;
    private long touched;

    boolean isCanonical() {
        return isCanonical;
    }

    /// The table is used from now on; every name must be put.
    void leaveCanonical() {
        isCanonical = false;
        pairs = new long[2 * CAPACITY_MIN];
    }

    int size() {
        return size + (hasZero ? 1 : 0);
    }

    long bytes() {
        return 16 + (long) pairs.length * Long.BYTES + 40L * aliases.size();
    }

    boolean contains(long name) {
        return name == NO_NAME ? hasZero : pairs[slot(name)] != NO_NAME;
    }

    /// The sequence hash of a block whose name is known.
    long sequenceHash(long name) {
        return name == NO_NAME ? zeroHash : pairs[slot(name) + 1];
    }

    /// Reads where the names of a path belong, which fetches from memory side by side; searches do
    /// not, as each ends with a comparison.
    void touch(Path path) {
        long[] table = pairs;
        int capacity = table.length / 2;
        long touch = 0;
        for (int i = 0; i < path.count(); i++) {
            touch ^= table[home(path.name(i), capacity)];
        }
        touched = touch;
    }

    /// The same for names of blocks.
    void touch(List<SequenceHash> names) {
        long[] table = pairs;
        int capacity = table.length / 2;
        long touch = 0;
        for (SequenceHash name : names) {
            touch ^= table[home(name.value(), capacity)];
        }
        touched = touch;
    }

    /// Gives a block a name, which is taken from the block that had it; `replaced` is that one.
    Put put(long name, long sequenceHash) {
        if (name == NO_NAME) {
            return putZero(sequenceHash);
        }
        int slot = slot(name);
        if (pairs[slot] == name) {
            replaced = pairs[slot + 1];
            pairs[slot + 1] = sequenceHash;
            return replaced == sequenceHash ? Put.UNCHANGED : Put.REPLACED;
        }
        if (++size * 10L > pairs.length * 4L) {
            resize(pairs.length / 4 * 3 + 1);
            slot = slot(name);
        }
        pairs[slot] = name;
        pairs[slot + 1] = sequenceHash;
        return Put.NEW;
    }

    /// The block that lost its name by the last `put` that replaced one.
    long replaced() {
        return replaced;
    }

    private Put putZero(long sequenceHash) {
        boolean wasKnown = hasZero;
        replaced = zeroHash;
        hasZero = true;
        zeroHash = sequenceHash;
        if (!wasKnown) {
            return Put.NEW;
        }
        return replaced == sequenceHash ? Put.UNCHANGED : Put.REPLACED;
    }

    /// Removes a name that is known.
    void remove(long name) {
        if (name == NO_NAME) {
            hasZero = false;
            return;
        }
        closeGap(slot(name));
        size--;
        if (pairs.length > 2 * CAPACITY_MIN && size * 5L < pairs.length) {
            resize(Math.max(CAPACITY_MIN, size * 8 / 5));
        }
    }

    /// The block has one more name than before, beside its first one.
    void addAlias(long sequenceHash) {
        Integer more = aliases.get(sequenceHash);
        aliases.put(sequenceHash, more == null ? 1 : more + 1);
    }

    /// Takes one name of the block back if it has several; otherwise false.
    boolean removeAlias(long sequenceHash) {
        Integer more = aliases.get(sequenceHash);
        if (more == null) {
            return false;
        }
        if (more == 1) {
            aliases.remove(sequenceHash);
        } else {
            aliases.put(sequenceHash, more - 1);
        }
        return true;
    }

    /// How many names the block has, given that it is held.
    int count(long sequenceHash) {
        Integer more = aliases.get(sequenceHash);
        return more == null ? 1 : 1 + more;
    }

    /// Drops the names of blocks that are no longer held.
    void retain(LongPredicate isHeld) {
        var gone = new ArrayList<Long>();
        forEach(
                (name, hash) -> {
                    if (!isHeld.test(hash)) {
                        gone.add(name);
                    }
                });
        for (long name : gone) {
            removeAlias(sequenceHash(name));
            remove(name);
        }
    }

    void forEach(Pair action) {
        if (hasZero) {
            action.accept(NO_NAME, zeroHash);
        }
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i] != NO_NAME) {
                action.accept(pairs[i], pairs[i + 1]);
            }
        }
    }

    private void resize(int capacity) {
        long[] old = pairs;
        pairs = new long[2 * capacity];
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] != NO_NAME) {
                int slot = slot(old[i]);
                pairs[slot] = old[i];
                pairs[slot + 1] = old[i + 1];
            }
        }
    }

    private void closeGap(int free) {
        int gap = free;
        for (int at = after(gap); pairs[at] != NO_NAME; at = after(at)) {
            int home = home(pairs[at]);
            int fromHome = at - home + (at < home ? pairs.length : 0);
            int fromGap = at - gap + (at < gap ? pairs.length : 0);
            if (fromHome >= fromGap) {
                pairs[gap] = pairs[at];
                pairs[gap + 1] = pairs[at + 1];
                gap = at;
            }
        }
        pairs[gap] = NO_NAME;
    }

    private int slot(long name) {
        int at = home(name);
        while (pairs[at] != NO_NAME && pairs[at] != name) {
            at = after(at);
        }
        return at;
    }

    private int after(int slot) {
        return slot + 2 == pairs.length ? 0 : slot + 2;
    }

    private int home(long name) {
        return home(name, pairs.length / 2);
    }

    private static int home(long name, int capacity) {
        long mixed = (name * GOLDEN_RATIO) >>> 32;
        return (int) ((mixed * capacity) >>> 32) * 2;
    }

    /// What a `put` did.
    enum Put {
        NEW,
        UNCHANGED,
        REPLACED
    }

    /// Receives one name and the sequence hash of its block.
    interface Pair {
        void accept(long name, long sequenceHash);
    }
}
