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
/// pairs, name and sequence hash, in groups of eight that are filled from the front. A long has a
/// byte for each pair of a group, 0 or some bits of the name, so to find that a name is new costs
/// no look at the pairs. What finds its group full goes on to the next one, and is called back when
/// there is room.
final class Names {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final int GROUP = 8;
    private static final long USED = 0x8080_8080_8080_8080L; // in the byte of every pair
    private static final long EACH = 0x0101_0101_0101_0101L;

    private final LongMap<Integer> aliases = new LongMap<>(); // names beyond the first, by hash
    private long[] tags = {}; // by group
    private long[] pairs = {};
    private int size;
    private boolean isCanonical = true;
    private long replaced;

    @SuppressWarnings("unused") // written so that what is only touched is read at all
    private long touched;

    boolean isCanonical() {
        return isCanonical;
    }

    /// The table is used from now on; every name must be put.
    void leaveCanonical() {
        isCanonical = false;
        resize(1);
    }

    int size() {
        return size;
    }

    long bytes() {
        return 32 + (long) (tags.length + pairs.length) * Long.BYTES + 40L * aliases.size();
    }

    boolean contains(long name) {
        return slot(name) >= 0;
    }

    /// The sequence hash of a block whose name is known.
    long sequenceHash(long name) {
        return pairs[2 * slot(name) + 1];
    }

    /// Looks where the names of a path belong. This fetches from memory side by side, which
    /// searches do not, as each ends with a comparison.
    void touch(Path path) {
        long touch = 0;
        for (int i = 0; i < path.count(); i++) {
            touch ^= tags[home(mix(path.name(i)), tags.length)];
        }
        touched = touch;
    }

    /// The same for names that are mostly known.
    void touch(List<SequenceHash> names) {
        long touch = 0;
        for (SequenceHash name : names) {
            touch ^= tags[home(mix(name.value()), tags.length)];
        }
        for (SequenceHash name : names) {
            touch ^= slot(name.value());
        }
        touched = touch;
    }

    /// Gives a block a name, which is taken from the block that had it; `replaced` is that one.
    Put put(long name, long sequenceHash) {
        int slot = slot(name);
        if (slot >= 0) {
            replaced = pairs[2 * slot + 1];
            pairs[2 * slot + 1] = sequenceHash;
            return replaced == sequenceHash ? Put.UNCHANGED : Put.REPLACED;
        }
        if (++size * 20L > tags.length * (GROUP * 17L)) {
            resize(tags.length + tags.length / 2 + 1);
        }
        insert(name, sequenceHash);
        return Put.NEW;
    }

    /// The block that lost its name by the last `put` that replaced one.
    long replaced() {
        return replaced;
    }

    /// Removes a name that is known.
    void remove(long name) {
        close(slot(name));
        size--;
        if (tags.length > 1 && size * 5L < tags.length * (GROUP * 2L)) {
            resize(size / 5 + 1);
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
        for (int group = 0; group < tags.length; group++) {
            int end = group * GROUP + used(group);
            for (int slot = group * GROUP; slot < end; slot++) {
                action.accept(pairs[2 * slot], pairs[2 * slot + 1]);
            }
        }
    }

    private void resize(int groups) {
        long[] oldTags = tags;
        long[] oldPairs = pairs;
        tags = new long[groups];
        pairs = new long[2 * GROUP * groups];
        for (int group = 0; group < oldTags.length; group++) {
            int end = group * GROUP + Long.bitCount(oldTags[group] & USED);
            for (int slot = group * GROUP; slot < end; slot++) {
                insert(oldPairs[2 * slot], oldPairs[2 * slot + 1]);
            }
        }
    }

    private void insert(long name, long sequenceHash) {
        long mixed = mix(name);
        int group = home(mixed, tags.length);
        while (isFull(group)) {
            group = after(group);
        }
        int used = used(group);
        tags[group] |= tag(mixed) << (used * Byte.SIZE);
        int slot = group * GROUP + used;
        pairs[2 * slot] = name;
        pairs[2 * slot + 1] = sequenceHash;
    }

    /// Where the name is, -1 if it is not known.
    private int slot(long name) {
        long mixed = mix(name);
        long wanted = tag(mixed) * EACH;
        int group = home(mixed, tags.length);
        for (int left = tags.length; left > 0; left--) {
            long different = tags[group] ^ wanted;
            long equal = (different - EACH) & ~different & USED; // and perhaps some above an equal
            for (; equal != 0; equal &= equal - 1) {
                int slot = group * GROUP + Long.numberOfTrailingZeros(equal) / Byte.SIZE;
                if (pairs[2 * slot] == name) {
                    return slot;
                }
            }
            if (!isFull(group)) {
                return -1;
            }
            group = after(group);
        }
        return -1;
    }

    /// Overwrites a pair with one that belongs there more than where it is, until the last pair of
    /// a group that has room is free.
    private void close(int slot) {
        int gap = slot;
        int group = gap / GROUP;
        while (isFull(group)) {
            int guest = guest(group);
            if (guest < 0) {
                break;
            }
            copy(guest, gap);
            gap = guest;
            group = gap / GROUP;
        }
        int last = group * GROUP + used(group) - 1;
        copy(last, gap);
        tags[group] &= ~(0xffL << (last % GROUP * Byte.SIZE));
    }

    /// Where a pair is that was sent on from the group or passed it, -1 if there is none.
    private int guest(int group) {
        for (int host = after(group); host != group; host = after(host)) {
            int end = host * GROUP + used(host);
            for (int slot = host * GROUP; slot < end; slot++) {
                int home = home(mix(pairs[2 * slot]), tags.length);
                int fromHome = host - home + (host < home ? tags.length : 0);
                int fromGroup = host - group + (host < group ? tags.length : 0);
                if (fromHome >= fromGroup) {
                    return slot;
                }
            }
            if (!isFull(host)) {
                return -1;
            }
        }
        return -1;
    }

    private void copy(int from, int to) {
        pairs[2 * to] = pairs[2 * from];
        pairs[2 * to + 1] = pairs[2 * from + 1];
        long tag = (tags[from / GROUP] >>> (from % GROUP * Byte.SIZE)) & 0xff;
        int shift = to % GROUP * Byte.SIZE;
        tags[to / GROUP] = (tags[to / GROUP] & ~(0xffL << shift)) | (tag << shift);
    }

    private int used(int group) {
        return Long.bitCount(tags[group] & USED);
    }

    private boolean isFull(int group) {
        return (tags[group] & USED) == USED;
    }

    private int after(int group) {
        return group + 1 == tags.length ? 0 : group + 1;
    }

    private static long mix(long name) {
        return name * GOLDEN_RATIO;
    }

    private static int home(long mixed, int groups) {
        return (int) (((mixed >>> 32) * groups) >>> 32);
    }

    private static long tag(long mixed) {
        return 0x80 | ((mixed >>> 25) & 0x7f);
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
