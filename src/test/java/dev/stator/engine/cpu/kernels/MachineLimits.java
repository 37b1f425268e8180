package dev.stator.engine.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;

/// What the machine can do at most, measured with the same instructions as the kernels: fused
/// multiply-adds that need no memory, and reading memory that needs no arithmetic.
public final class MachineLimits {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> L = LongVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;
    private static final int ROUNDS = 5_000_000;
    private static final long READ_BYTES = 1L << 30;
    private static final int WARM_UP = 20;
    private static final int WARM_UP_SHARE = 100;

    private final KernelPool pool;
    private final int chunks;
    private volatile double sink;

    public MachineLimits(KernelPool pool) {
        this.pool = pool;
        this.chunks = pool.threads();
    }

    /// Fused multiply-adds on all threads, in GFLOP/s; the best of `times`.
    public double gigaflops(int times) {
        for (int i = 0; i < WARM_UP; i++) {
            sink = multiplyAdd(ROUNDS / WARM_UP_SHARE);
        }
        double seconds = best(times, () -> pool.run(chunks, (_, _) -> sink = multiplyAdd(ROUNDS)));
        return 2.0 * chunks * ROUNDS * CHAINS * F.length() / seconds / 1e9;
    }

    /// Reading one large segment on all threads, in GB/s; the best of `times`.
    public double readGigabytes(int times) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(READ_BYTES, 64);
            memory.fill((byte) 1);
            for (int i = 0; i < WARM_UP * WARM_UP_SHARE; i++) {
                sink = read(memory, 0, READ_BYTES / (WARM_UP * WARM_UP_SHARE));
            }
            long part = READ_BYTES / chunks;
            double seconds =
                    best(
                            times,
                            () ->
                                    pool.run(
                                            chunks,
                                            (chunk, _) -> sink = read(memory, chunk * part, part)));
            return READ_BYTES / seconds / 1e9;
        }
    }

    private static double best(int times, Runnable work) {
        var seconds = new double[times];
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            work.run();
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        return Arrays.stream(seconds).min().orElseThrow();
    }

    private static float multiplyAdd(int rounds) {
        FloatVector x = FloatVector.broadcast(F, 0.999f);
        FloatVector y = FloatVector.broadcast(F, 0.001f);
        FloatVector c0 = x;
        FloatVector c1 = x;
        FloatVector c2 = x;
        FloatVector c3 = x;
        FloatVector c4 = x;
        FloatVector c5 = x;
        FloatVector c6 = x;
        FloatVector c7 = x;
        FloatVector c8 = x;
        FloatVector c9 = x;
        FloatVector c10 = x;
        FloatVector c11 = x;
        for (int i = 0; i < rounds; i++) {
            c0 = c0.fma(x, y);
            c1 = c1.fma(x, y);
            c2 = c2.fma(x, y);
            c3 = c3.fma(x, y);
            c4 = c4.fma(x, y);
            c5 = c5.fma(x, y);
            c6 = c6.fma(x, y);
            c7 = c7.fma(x, y);
            c8 = c8.fma(x, y);
            c9 = c9.fma(x, y);
            c10 = c10.fma(x, y);
            c11 = c11.fma(x, y);
        }
        FloatVector low = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
        return low.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).lane(0);
    }

    private static long read(MemorySegment memory, long from, long bytes) {
        int step = 4 * L.vectorByteSize();
        int size = L.vectorByteSize();
        LongVector a = LongVector.zero(L);
        LongVector b = a;
        LongVector c = a;
        LongVector d = a;
        for (int i = 0; i < bytes / step; i++) {
            long at = from + (long) i * step;
            ByteOrder order = ByteOrder.LITTLE_ENDIAN;
            a = a.add(LongVector.fromMemorySegment(L, memory, at, order));
            b = b.add(LongVector.fromMemorySegment(L, memory, at + size, order));
            c = c.add(LongVector.fromMemorySegment(L, memory, at + 2L * size, order));
            d = d.add(LongVector.fromMemorySegment(L, memory, at + 3L * size, order));
        }
        return a.add(b).add(c).add(d).lane(0);
    }
}
