package dev.stator.kv.index.packed;

import java.lang.invoke.VarHandle;

/// Finds the place, a chain and an offset in it, of a sequence hash. Changed by one thread at a
/// time; may be read by others under the rules of `Quarantine`.
///
/// Open addressing with linear probing in segments that grow and shrink alone, so that no change
/// takes long. An entry holds the hash's first bits, which also say where it belongs; the whole
/// hash is in the chain. Removal shifts entries back; a reader that finds nothing looks at the
/// segment's version, and again if entries were being shifted.
///
/// ```
/// entry   first bits of the mixed hash : 25 · chain / 8 : 30 · offset : 9      0 is no entry
/// ```
final class PlaceTable {
    static final long NONE = 0;
    /// A reader could not find out in time.
    static final long UNSURE = -1;

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final int TAG_SHIFT = 39;
    private static final int SEGMENT_SHIFT = 27;
    private static final int OFFSET_BITS = 9;
    private static final int CAPACITY_MIN = 8;
    private static final int[] SEGMENTS = {1, 64, 4_096};
    private static final int[] ENTRIES_MAX = {4_096, 1 << 18, Integer.MAX_VALUE};
    private static final int RETRIES_MAX = 100;
    private static final int SEGMENT_BYTES = 16 + 4 + 4 + 4; // header, reference, version, size

    private final Chains chains;
    private Segments segments = new Segments(1);
    private int level;
    private int size;
    private long slots = CAPACITY_MIN;

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
        long tag = hash >>> TAG_SHIFT;
        int segment = all.of(hash);
        for (int i = 0; i < RETRIES_MAX; i++) {
            int version = all.versions[segment];
            VarHandle.acquireFence();
            long[] table = all.tables[segment];
            int at = home(tag, table.length);
            for (long entry = table[at]; entry != NONE; entry = table[at]) {
                VarHandle.acquireFence();
                if (entry >>> TAG_SHIFT == tag
                        && chains.sequenceHash(chain(entry), offset(entry)) == sequenceHash) {
                    return entry;
                }
                at = at + 1 == table.length ? 0 : at + 1;
            }
            VarHandle.acquireFence();
            if ((version & 1) == 0 && all.versions[segment] == version) {
                return NONE;
            }
            Thread.onSpinWait();
        }
        return UNSURE;
    }

    /// Adds the place of a hash that is not in the table.
    void add(long sequenceHash, int chain, int offset) {
        long hash = mix(sequenceHash);
        int segment = segments.of(hash);
        int before = segments.tables[segment].length;
        segments.add(hash, entry(hash, chain, offset));
        slots += segments.tables[segment].length - before;
        if (++size > ENTRIES_MAX[level]) {
            level(level + 1);
        }
    }

    /// The block that was at the place `from` is at another.
    void move(long sequenceHash, long from, int chain, int offset) {
        long hash = mix(sequenceHash);
        int segment = segments.of(hash);
        long[] table = segments.tables[segment];
        int at = slot(table, entry(hash, chain(from), offset(from)));
        VarHandle.releaseFence();
        table[at] = entry(hash, chain, offset);
    }

    /// Removes a place that is in the table.
    void remove(long sequenceHash, int chain, int offset) {
        long hash = mix(sequenceHash);
        Segments all = segments;
        int segment = all.of(hash);
        long[] table = all.tables[segment];
        int gap = slot(table, entry(hash, chain, offset));
        all.versions[segment]++;
        VarHandle.releaseFence();
        closeGap(table, gap);
        VarHandle.releaseFence();
        all.versions[segment]++;
        all.sizes[segment]--;
        size--;
        if (table.length > CAPACITY_MIN && all.sizes[segment] * 5L < table.length * 2L) {
            resize(segment, Math.max(CAPACITY_MIN, (int) (all.sizes[segment] * 8L / 5)));
        }
        if (level > 0 && size * 4 < ENTRIES_MAX[level - 1]) {
            level(level - 1);
        }
    }

    /// The entry as it is in the table for a hash at this place.
    private static long entry(long mixedHash, int chain, int offset) {
        return ((mixedHash >>> TAG_SHIFT) << TAG_SHIFT) | place(chain, offset);
    }

    private static long mix(long sequenceHash) {
        return sequenceHash * GOLDEN_RATIO;
    }

    private static int home(long tag, int capacity) {
        return (int) ((tag * capacity) >>> (Long.SIZE - TAG_SHIFT));
    }

    private static void put(long[] table, long entry) {
        int at = home(entry >>> TAG_SHIFT, table.length);
        while (table[at] != NONE) {
            at = at + 1 == table.length ? 0 : at + 1;
        }
        table[at] = entry;
    }

    private static int slot(long[] table, long entry) {
        int at = home(entry >>> TAG_SHIFT, table.length);
        while (table[at] != entry) {
            if (table[at] == NONE) {
                throw new IllegalStateException("place is not in the table");
            }
            at = at + 1 == table.length ? 0 : at + 1;
        }
        return at;
    }

    /// Moves later members of the run into the gap while that brings them nearer to home.
    private static void closeGap(long[] table, int free) {
        int length = table.length;
        int gap = free;
        int at = gap + 1 == length ? 0 : gap + 1;
        for (; table[at] != NONE; at = at + 1 == length ? 0 : at + 1) {
            int home = home(table[at] >>> TAG_SHIFT, length);
            int fromHome = at - home + (at < home ? length : 0);
            int fromGap = at - gap + (at < gap ? length : 0);
            if (fromHome >= fromGap) {
                table[gap] = table[at];
                gap = at;
            }
        }
        table[gap] = NONE;
    }

    private long[] resize(int segment, int capacity) {
        slots += capacity - segments.tables[segment].length;
        return segments.resize(segment, capacity);
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
        private final long[][] tables;
        private final int[] versions; // odd while entries are being shifted
        private final int[] sizes;

        Segments(int count) {
            tables = new long[count][CAPACITY_MIN];
            versions = new int[count];
            sizes = new int[count];
        }

        int of(long hash) {
            return (int) (hash >>> SEGMENT_SHIFT) & (tables.length - 1);
        }

        void add(long hash, long entry) {
            int segment = of(hash);
            long[] table = tables[segment];
            if ((sizes[segment] + 1) * 5L > table.length * 4L) {
                table = resize(segment, table.length + (table.length >> 2) + 2);
            }
            VarHandle.releaseFence();
            put(table, entry);
            sizes[segment]++;
        }

        long[] resize(int segment, int capacity) {
            var table = new long[capacity];
            for (long entry : tables[segment]) {
                if (entry != NONE) {
                    put(table, entry);
                }
            }
            VarHandle.releaseFence();
            tables[segment] = table;
            return table;
        }
    }
}
