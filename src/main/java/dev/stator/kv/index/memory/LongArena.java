package dev.stator.kv.index.memory;

import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// Extents of longs in pages, each page with extents of one size. Changed by one thread at a time;
/// may be read by others under the rules of `Quarantine`.
///
/// Sizes are powers of two, and three times these, all of which divide a page. A page's array grows
/// with its use and is dropped with its last extent, so memory follows what is held. The first long
/// of a free extent leads to the next free one of its page.
public final class LongArena implements Quarantine.Owner {
    public static final int EXTENT_MAX = 1_024;

    private static final int PAGE_SHIFT = 12;
    private static final int OFFSET_MASK = (1 << PAGE_SHIFT) - 1;
    private static final int PAGE_LONGS = 3_072;
    private static final int PAGE_LONGS_MIN = 48;
    private static final int NONE = -1;
    private static final int ARRAY_HEADER_BYTES = 16;
    private static final int PAGE_BYTES = 5 * Integer.BYTES + 2 + 8; // beside its longs
    private static final long[] NO_LONGS = {};
    private static final int[] SIZES = {
        1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1_024
    };

    private final Quarantine quarantine;
    private final int[] partial = new int[SIZES.length]; // a page with room, by size
    private long[][] pages = new long[8][];
    private byte[] sizes = new byte[8]; // by page, positions in SIZES
    private int[] freeHeads = new int[8];
    private short[] used = new short[8];
    private int[] carved = new int[8];
    private int[] next = new int[8]; // among the pages of one size that have room
    private int[] previous = new int[8];
    private int[] unusedPages = new int[8]; // a stack of page numbers
    private int unusedCount;
    private int pageCount; // numbers ever given
    private long longs;

    public LongArena(Quarantine quarantine) {
        this.quarantine = quarantine;
        Arrays.fill(partial, NONE);
    }

    /// The size of the extent that is given for so many longs.
    public static int roundUp(int count) {
        int at = Arrays.binarySearch(SIZES, count);
        return SIZES[at >= 0 ? at : -at - 1];
    }

    public long bytes() {
        long live = (long) pageCount - unusedCount;
        return longs * Long.BYTES + live * ARRAY_HEADER_BYTES + (long) pages.length * PAGE_BYTES;
    }

    /// An extent of at least so many longs, with unknown content.
    public int allocate(int count) {
        int at = Arrays.binarySearch(SIZES, count);
        int size = at >= 0 ? at : -at - 1;
        int page = partial[size];
        if (page == NONE) {
            page = open(size);
        }
        int offset = freeHeads[page];
        if (offset != NONE) {
            freeHeads[page] = (int) pages[page][offset];
        } else {
            offset = carved[page]++ * SIZES[size];
            reserve(page, offset + SIZES[size]);
        }
        used[page]++;
        if (used[page] == PAGE_LONGS / SIZES[size]) {
            unlink(page);
        }
        return (page << PAGE_SHIFT) | offset;
    }

    /// Gives an extent back that nothing leads to any more.
    public void free(int address) {
        quarantine.retire(this, address);
    }

    @Override
    public void recycle(int address) {
        int page = address >>> PAGE_SHIFT;
        if (used[page] == PAGE_LONGS / SIZES[sizes[page]]) {
            link(page);
        }
        used[page]--;
        if (used[page] > 0) {
            int offset = address & OFFSET_MASK;
            pages[page][offset] = freeHeads[page];
            freeHeads[page] = offset;
        } else {
            unlink(page);
            longs -= pages[page].length;
            pages[page] = NO_LONGS;
            unusedPages[unusedCount++] = page;
        }
    }

    public long get(int address) {
        return pages[address >>> PAGE_SHIFT][address & OFFSET_MASK];
    }

    public void set(int address, long value) {
        pages[address >>> PAGE_SHIFT][address & OFFSET_MASK] = value;
    }

    /// The array that an extent is in; it may be replaced by the next allocation.
    public long[] array(int address) {
        return pages[address >>> PAGE_SHIFT];
    }

    /// Where in its array an extent begins.
    public static int offset(int address) {
        return address & OFFSET_MASK;
    }

    public void copy(int from, int to, int count) {
        System.arraycopy(array(from), offset(from), array(to), offset(to), count);
    }

    private int open(int size) {
        int page = unusedCount > 0 ? unusedPages[--unusedCount] : addPage();
        sizes[page] = (byte) size;
        freeHeads[page] = NONE;
        used[page] = 0;
        carved[page] = 0;
        pages[page] = NO_LONGS;
        link(page);
        return page;
    }

    private int addPage() {
        if (pageCount == pages.length) {
            int capacity = pages.length + (pages.length >> 1);
            sizes = Arrays.copyOf(sizes, capacity);
            freeHeads = Arrays.copyOf(freeHeads, capacity);
            used = Arrays.copyOf(used, capacity);
            carved = Arrays.copyOf(carved, capacity);
            next = Arrays.copyOf(next, capacity);
            previous = Arrays.copyOf(previous, capacity);
            unusedPages = Arrays.copyOf(unusedPages, capacity);
            long[][] more = Arrays.copyOf(pages, capacity);
            VarHandle.releaseFence();
            pages = more;
        }
        return pageCount++;
    }

    /// Readers may go on in the old array: what they can reach in it does not change.
    private void reserve(int page, int count) {
        long[] array = pages[page];
        if (count > array.length) {
            int length = Math.min(PAGE_LONGS, Math.max(PAGE_LONGS_MIN, 2 * count));
            long[] longer = Arrays.copyOf(array, length);
            longs += length - array.length;
            VarHandle.releaseFence();
            pages[page] = longer;
        }
    }

    private void link(int page) {
        int head = partial[sizes[page]];
        next[page] = head;
        previous[page] = NONE;
        if (head != NONE) {
            previous[head] = page;
        }
        partial[sizes[page]] = page;
    }

    private void unlink(int page) {
        if (previous[page] == NONE) {
            partial[sizes[page]] = next[page];
        } else {
            next[previous[page]] = next[page];
        }
        if (next[page] != NONE) {
            previous[next[page]] = previous[page];
        }
    }
}
