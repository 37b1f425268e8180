package dev.stator.model.tokenizer.bpe;

/// A map from `long` to non-negative `long` by open addressing with linear probing. Filled by one
/// thread, then read by any.
public final class LongTable {
    /// What `get` answers when there is no such key; larger than any value.
    public static final long ABSENT = Long.MAX_VALUE;

    private static final int SLOTS_PER_ENTRY_MIN = 2;
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final long[] table; // key, value + 1 (0 is a free slot), key, value + 1, …
    private final int mask;
    private final int shift;
    private final int entriesMax;
    private int entries;

    /// @param entriesMax how many keys it has room for
    public LongTable(int entriesMax) {
        int slotBits =
                Integer.SIZE
                        - Integer.numberOfLeadingZeros(
                                Math.max(1, Math.multiplyExact(entriesMax, SLOTS_PER_ENTRY_MIN)));
        this.entriesMax = entriesMax;
        this.table = new long[2 << slotBits];
        this.mask = table.length - 1;
        this.shift = Long.SIZE - slotBits;
    }

    public long get(long key) {
        int slot = firstSlot(key);
        while (true) {
            long value = table[slot + 1];
            if (value == 0) {
                return ABSENT;
            }
            if (table[slot] == key) {
                return value - 1;
            }
            slot = (slot + 2) & mask;
        }
    }

    /// Sets the value of `key`. Throws `IllegalStateException` when there is no room.
    public void put(long key, long value) {
        int slot = firstSlot(key);
        while (table[slot + 1] != 0 && table[slot] != key) {
            slot = (slot + 2) & mask;
        }
        if (table[slot + 1] == 0 && ++entries > entriesMax) {
            throw new IllegalStateException("table is full: " + entriesMax + " entries");
        }
        table[slot] = key;
        table[slot + 1] = value + 1;
    }

    private int firstSlot(long key) {
        return (int) ((key * GOLDEN_RATIO) >>> shift) << 1;
    }
}
