package dev.stator.kv.index.memory;

/// A set of positive numbers. Not thread-safe.
public final class IntSet {
    private static final int CAPACITY_MIN = 4;
    private static final int GOLDEN_RATIO = 0x9E3779B9;

    private int[] table = new int[CAPACITY_MIN]; // 0 marks a free slot
    private int size;

    public int size() {
        return size;
    }

    public long bytes() {
        return 16 + (long) table.length * Integer.BYTES;
    }

    public boolean contains(int number) {
        return table[slot(number)] != 0;
    }

    public void add(int number) {
        int slot = slot(number);
        if (table[slot] == 0) {
            table[slot] = number;
            if (++size * 3 > table.length * 2) {
                resize(2 * table.length);
            }
        }
    }

    public void addAll(IntSet numbers) {
        for (int number : numbers.table) {
            if (number != 0) {
                add(number);
            }
        }
    }

    public void remove(int number) {
        int mask = table.length - 1;
        int gap = slot(number);
        if (table[gap] == 0) {
            return;
        }
        for (int at = (gap + 1) & mask; table[at] != 0; at = (at + 1) & mask) {
            if (((at - home(table[at])) & mask) >= ((at - gap) & mask)) {
                table[gap] = table[at];
                gap = at;
            }
        }
        table[gap] = 0;
        size--;
        if (table.length > CAPACITY_MIN && size * 6 < table.length) {
            resize(table.length / 2);
        }
    }

    public int[] toArray() {
        var numbers = new int[size];
        int count = 0;
        for (int number : table) {
            if (number != 0) {
                numbers[count++] = number;
            }
        }
        return numbers;
    }

    private void resize(int capacity) {
        int[] old = table;
        table = new int[capacity];
        for (int number : old) {
            if (number != 0) {
                table[slot(number)] = number;
            }
        }
    }

    private int slot(int number) {
        int at = home(number);
        while (table[at] != 0 && table[at] != number) {
            at = (at + 1) & (table.length - 1);
        }
        return at;
    }

    private int home(int number) {
        return ((number * GOLDEN_RATIO) >>> 8) & (table.length - 1);
    }
}
