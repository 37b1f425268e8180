package dev.stator.engine.cpu.sampling;

import java.util.Arrays;

/// Finds the largest logits of a row: largest first, ties by the smaller id.
///
/// Keeps a buffer of twice the number wanted; when it is full, the better half stays and the worst
/// of them becomes the bar for those that follow, which soon lets few pass.
final class MostLikely {
    private static final int BUFFER_MIN = 64;

    private long[] buffer = new long[2 * BUFFER_MIN];
    private int size;

    /// Selects the `count` largest logits, or all when there are fewer, and returns how many.
    int select(float[] row, int count) {
        int wanted = Math.min(count, row.length);
        int room = 2 * Math.max(BUFFER_MIN, wanted);
        if (buffer.length < room) {
            buffer = new long[room];
        }
        size = 0;
        float bar = Float.NEGATIVE_INFINITY;
        boolean barred = false;
        for (int id = 0; id < row.length; id++) {
            if (barred && !(row[id] > bar)) {
                continue;
            }
            buffer[size++] = key(row[id], id);
            if (size == room) {
                Arrays.sort(buffer, 0, size);
                size = room / 2;
                bar = row[id(size - 1)];
                barred = true;
            }
        }
        Arrays.sort(buffer, 0, size);
        return wanted;
    }

    /// The id of the selected token of this rank, 0 being the most likely.
    int id(int rank) {
        return (int) buffer[rank];
    }

    /// Ascends as the logit descends; the low half is the id.
    private static long key(float logit, int id) {
        int bits = Float.floatToRawIntBits(logit + 0f); // no negative zero
        int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return ((long) ~ascending << 32) | id;
    }
}
