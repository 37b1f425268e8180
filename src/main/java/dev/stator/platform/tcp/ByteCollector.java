package dev.stator.platform.tcp;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Collects a known number of bytes from whatever pieces they arrive in. Memory follows what has
/// arrived, not what was announced. Not thread-safe.
public final class ByteCollector {
    private static final int FIRST_BYTES = 64 << 10;
    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int count;
    private int wanted;

    public ByteCollector(int wanted) {
        expect(wanted);
    }

    /// Begins to collect `wanted` bytes.
    public void expect(int wanted) {
        this.wanted = wanted;
        count = 0;
        bytes = wanted == 0 ? NONE : new byte[Math.min(wanted, FIRST_BYTES)];
    }

    /// Takes what is there and needed; whether all is there now.
    public boolean fill(ByteBuffer in) {
        int taken = Math.min(in.remaining(), wanted - count);
        if (count + taken > bytes.length) {
            long doubled = Math.max(2L * bytes.length, count + taken);
            bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, wanted));
        }
        in.get(bytes, count, taken);
        count += taken;
        return count == wanted;
    }

    /// What was collected, which must be all; this object is done with it.
    public byte[] take() {
        if (count != wanted) {
            throw new IllegalStateException("collected " + count + " of " + wanted + " bytes");
        }
        byte[] whole = bytes;
        bytes = NONE;
        count = 0;
        wanted = 0;
        return whole;
    }
}
