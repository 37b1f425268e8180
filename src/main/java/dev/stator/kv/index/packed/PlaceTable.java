package dev.stator.kv.index.packed;

import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// Finds the place, a chain and an offset in it, of a sequence hash. Changed by one thread at a
/// time; may be read by others under the rules of `Quarantine`.
///
/// Buckets of eight entries, filled from the front, in segments that grow and shrink alone, so that
/// no change takes long. An entry holds the hash's first bits, which also say where it belongs; the
/// whole hash is in the chain. An entry that finds its bucket full goes on to the next one and is
/// called back when there is room, so a search ends at the first free slot. A reader that finds
/// nothing looks again if entries were being moved meanwhile.
///
/// ```
/// entry   first bits of the mixed hash : 25 · chain / 8 : 30 · offset : 9      0 is no entry
/// state   version, odd while entries are being moved : 32 · capacity : 32
/// ```
final class PlaceTable {
    static final long NONE = 0;
    /// A reader could not find out in time.
    static final long UNSURE = -1;

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final int TAG_SHIFT = 39;
    private static final int SEGMENT_SHIFT = 27;
    private static final int OFFSET_BITS = 9;
    private static final int BUCKET = 8;
    private static final int[] SEGMENTS = {1, 64, 4_096};
    private static final int[] ENTRIES_MAX = {4_096, 1 << 18, Integer.MAX_VALUE};
    private static final int RETRIES_MAX = 100;
    private static final int SEGMENT_BYTES = 16 + 4 + 8 + 4; // header, reference, state, size

    private final Chains chains;
    private Segments segments = new Segments(1);
    private int level;
    private int size;
    private long slots = BUCKET;

    @SuppressWarnings("unused") // written so that what is only touched is read at all
    private long touched;

    PlaceTable(Chains chains) {
        this.chains = chains;
    }

    /// A chain and an offset as in an entry.
    static long place(int chain, int offset) {
        return ((long) chain << (OFFSET_BITS - 3)) | offset;
    }

    static int chain(long entry) {
        return (int) ((entry >>> OFFSET_BITS) & ((1 << (TAG_SHIFT - OFFSET_BITS)) - 1)) << 3;
    }

    static int offset(long entry) {
        return (int) entry & ((1 << OFFSET_BITS) - 1);
    }

    int size() {
        return size;
    }

    long bytes() {
        return slots * Long.BYTES + (long) segments.tables.length * SEGMENT_BYTES;
    }

    /// The entry of the hash, `NONE`, or, to a reader that other changes disturb, `UNSURE`.
    long find(long sequenceHash) {
        Segments all = segments;
        VarHandle.acquireFence();
        long hash = mix(sequenceHash);
        int segment = all.of(hash);
        for (int i = 0; i < RETRIES_MAX; i++) {
            long state = all.states[segment];
            VarHandle.acquireFence();
            long[] table = all.tables[segment];
            int at = home(hash, (int) state);
            for (int left = (int) state; left > 0 && table[at] != NONE; left--) {
                long entry = table[at];
                VarHandle.acquireFence();
                if (isTag(entry, hash)
                        && chains.sequenceHash(chain(entry), offset(entry)) == sequenceHash) {
                    return entry;
                }
                at = after(at, (int) state);
            }
            VarHandle.acquireFence();
            if (Segments.isSettled(state) && all.states[segment] == state) {
                return NONE;
            }
            Thread.onSpinWait();
        }
        return UNSURE;
    }

    /// An entry that has the first bits of the hash, or `NONE`; to be compared by the caller.
    /// Without a comparison here, the processor need not wait for the chain.
    long guess(long sequenceHash) {
        Segments all = segments;
        VarHandle.acquireFence();
        long hash = mix(sequenceHash);
        int segment = all.of(hash);
        int capacity = (int) all.states[segment];
        VarHandle.acquireFence();
        long[] table = all.tables[segment];
        int at = home(hash, capacity);
        for (int left = capacity; left > 0 && table[at] != NONE; left--) {
            long entry = table[at];
            if (isTag(entry, hash)) {
                VarHandle.acquireFence();
                return entry;
            }
            at = after(at, capacity);
        }
        return NONE;
    }

    /// Reads where the hash belongs and returns what is there. Several calls after each other fetch
    /// from memory side by side; searches do not, as each ends with a comparison.
    long touch(long sequenceHash) {
        return segments.touch(mix(sequenceHash));
    }

    /// Adds the blocks of a chain from `from` up to `to`, which are not in the table.
    void add(int chain, int from, int to) {
        touch(chain, from, to);
        for (int offset = from; offset < to; offset++) {
            add(chains.sequenceHash(chain, offset), chain, offset);
        }
    }

    private void add(long sequenceHash, int chain, int offset) {
        long hash = mix(sequenceHash);
        int segment = segments.of(hash);
        int before = (int) segments.states[segment];
        segments.add(hash, entry(hash, chain, offset));
        slots += (int) segments.states[segment] - before;
        if (++size > ENTRIES_MAX[level]) {
            level(level + 1);
        }
    }

    /// The block that was at the place `from` is at another.
    void move(long sequenceHash, long from, int chain, int offset) {
        long hash = mix(sequenceHash);
        long[] table = segments.tables[segments.of(hash)];
        int at = slot(table, entry(hash, chain(from), offset(from)), hash);
        VarHandle.releaseFence();
        table[at] = entry(hash, chain, offset);
    }

    /// Removes the blocks of a chain from `from` up to `to`.
    void remove(int chain, int from, int to) {
        touch(chain, from, to);
        for (int offset = to - 1; offset >= from; offset--) {
            remove(chains.sequenceHash(chain, offset), chain, offset);
        }
    }

    private void touch(int chain, int from, int to) {
        Segments all = segments;
        long touch = 0;
        for (int offset = from; offset < to; offset++) {
            touch ^= all.touch(mix(chains.sequenceHash(chain, offset)));
        }
        touched = touch;
    }

    private void remove(long sequenceHash, int chain, int offset) {
        long hash = mix(sequenceHash);
        Segments all = segments;
        int segment = all.of(hash);
        long[] table = all.tables[segment];
        int gap = slot(table, entry(hash, chain, offset), hash);
        all.states[segment] += Segments.CHANGE;
        VarHandle.releaseFence();
        close(table, gap);
        VarHandle.releaseFence();
        all.states[segment] += Segments.CHANGE;
        all.sizes[segment]--;
        size--;
        if (table.length > BUCKET && all.sizes[segment] * 5L < table.length * 2L) {
            all.resize(segment, all.sizes[segment] * 8 / 5);
            slots += (int) all.states[segment] - table.length;
        }
        if (level > 0 && size * 4 < ENTRIES_MAX[level - 1]) {
            level(level - 1);
        }
    }

    /// The entry as it is in the table for a hash at this place.
    private static long entry(long mixedHash, int chain, int offset) {
        return ((mixedHash >>> TAG_SHIFT) << TAG_SHIFT) | place(chain, offset);
    }

    private static boolean isTag(long entry, long mixedHash) {
        return (entry ^ mixedHash) >>> TAG_SHIFT == 0;
    }

    private static long mix(long sequenceHash) {
        return sequenceHash * GOLDEN_RATIO;
    }

    /// Where the bucket begins that an entry or a mixed hash belongs to.
    private static int home(long entry, int capacity) {
        long buckets = capacity / BUCKET;
        return (int) (((entry >>> TAG_SHIFT) * buckets) >>> (Long.SIZE - TAG_SHIFT)) * BUCKET;
    }

    private static int after(int slot, int capacity) {
        return slot + 1 == capacity ? 0 : slot + 1;
    }

    private static void put(long[] table, long entry) {
        int at = home(entry, table.length);
        while (table[at] != NONE) {
            at = after(at, table.length);
        }
        table[at] = entry;
    }

    private static int slot(long[] table, long entry, long mixedHash) {
        int at = home(mixedHash, table.length);
        while (table[at] != entry) {
            if (table[at] == NONE) {
                throw new IllegalStateException("place is not in the table");
            }
            at = after(at, table.length);
        }
        return at;
    }

    /// Overwrites a slot with an entry that belongs there more than where it is, until the last
    /// slot of a bucket that has room is free.
    private static void close(long[] table, int slot) {
        int gap = slot;
        int bucket = gap & -BUCKET;
        while (table[bucket + BUCKET - 1] != NONE) {
            int guest = guest(table, bucket);
            if (guest < 0) {
                break;
            }
            table[gap] = table[guest];
            gap = guest;
            bucket = gap & -BUCKET;
        }
        int last = bucket + BUCKET - 1;
        while (table[last] == NONE) {
            last--;
        }
        table[gap] = table[last];
        table[last] = NONE;
    }

    /// Where an entry is that was sent on from the bucket or passed it, -1 if there is none.
    private static int guest(long[] table, int bucket) {
        int length = table.length;
        int start = after(bucket + BUCKET - 1, length);
        for (int at = start; at != bucket && table[at] != NONE; at = after(at, length)) {
            int host = at & -BUCKET;
            int home = home(table[at], length);
            int fromHome = host - home + (host < home ? length : 0);
            int fromBucket = host - bucket + (host < bucket ? length : 0);
            if (fromHome >= fromBucket) {
                return at;
            }
        }
        return -1;
    }

    /// Deals the entries to another number of segments; readers see them all or none.
    private void level(int wanted) {
        var next = new Segments(SEGMENTS[wanted]);
        for (long[] table : segments.tables) {
            for (long entry : table) {
                if (entry != NONE) {
                    next.add(mix(chains.sequenceHash(chain(entry), offset(entry))), entry);
                }
            }
        }
        slots = 0;
        for (long[] table : next.tables) {
            slots += table.length;
        }
        level = wanted;
        VarHandle.releaseFence();
        segments = next;
    }

    /// Tables by some bits of the hash.
    private static final class Segments {
        static final long CHANGE = 1L << 32;

        private final long[][] tables;
        private final long[] states;
        private final int[] sizes;

        Segments(int count) {
            tables = new long[count][BUCKET];
            states = new long[count];
            sizes = new int[count];
            Arrays.fill(states, BUCKET);
        }

        static boolean isSettled(long state) {
            return (state & CHANGE) == 0;
        }

        int of(long hash) {
            return (int) (hash >>> SEGMENT_SHIFT) & (tables.length - 1);
        }

        long touch(long hash) {
            int segment = of(hash);
            return tables[segment][home(hash, (int) states[segment])];
        }

        void add(long hash, long entry) {
            int segment = of(hash);
            long[] table = tables[segment];
            if ((sizes[segment] + 1) * 5L > table.length * 4L) {
                table = resize(segment, table.length + (table.length >> 2));
            }
            VarHandle.releaseFence();
            put(table, entry);
            sizes[segment]++;
        }

        /// Gives the segment a table of at least so many slots.
        long[] resize(int segment, int slots) {
            var table = new long[Math.max(1, (slots + BUCKET - 1) / BUCKET) * BUCKET];
            for (long entry : tables[segment]) {
                if (entry != NONE) {
                    put(table, entry);
                }
            }
            long state = states[segment];
            states[segment] = state + CHANGE;
            VarHandle.releaseFence();
            tables[segment] = table;
            VarHandle.releaseFence();
            states[segment] = (((state >>> 32) + 2) << 32) | table.length;
            return table;
        }
    }
}
