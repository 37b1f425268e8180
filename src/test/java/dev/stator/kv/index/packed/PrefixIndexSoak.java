package dev.stator.kv.index.packed;

import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.PrefixFleet;
import dev.stator.tokens.TokenBlocks;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Prompts that never come again pass through an index of constant size; prints by how many bytes
/// per minute the live heap grows, the slope of a line through its sizes, and what is left once all
/// was removed.
///
/// Usage: `PrefixIndexSoak [minutes]`
public final class PrefixIndexSoak {
    private static final int WORKERS = 256;
    private static final int PROMPTS_HELD = 10_000;
    private static final int PROMPTS_PER_FLEET = 5_000;
    private static final int SAMPLES = 30;
    private static final double NANOS_PER_MINUTE = 60e9;

    private final PackedPrefixIndex index = new PackedPrefixIndex();
    private final Deque<Held> held = new ArrayDeque<>();
    private PrefixFleet fleet = new PrefixFleet(0, WORKERS, false);
    private long prompts;

    private PrefixIndexSoak() {}

    public static void main(String[] args) {
        double minutes = args.length > 0 ? Double.parseDouble(args[0]) : 1;
        var soak = new PrefixIndexSoak();
        double slope = soak.run(Duration.ofMillis((long) (minutes * 60_000)));
        System.out.printf("%,d prompts, live heap %+,.0f bytes per minute%n", soak.prompts, slope);
        long heap = liveHeap();
        long arrays = soak.index.bytes();
        soak.removeDownTo(0);
        System.out.printf(
                "arrays %,d bytes; all removed: arrays %,d bytes, live heap %+,d bytes%n",
                arrays, soak.index.bytes(), liveHeap() - heap);
    }

    /// Bytes per minute, once the index has its size.
    private double run(Duration duration) {
        while (prompts < 2 * PROMPTS_HELD) {
            churn();
        }
        List<double[]> samples = new ArrayList<>(); // minutes and bytes
        long start = System.nanoTime();
        for (int i = 1; i <= SAMPLES; i++) {
            do {
                churn();
            } while (System.nanoTime() - start < duration.toNanos() / SAMPLES * i);
            double minutes = (System.nanoTime() - start) / NANOS_PER_MINUTE;
            samples.add(new double[] {minutes, liveHeap()});
        }
        return slope(samples);
    }

    private void churn() {
        if (prompts++ % PROMPTS_PER_FLEET == 0) {
            fleet = new PrefixFleet(prompts, WORKERS, prompts / PROMPTS_PER_FLEET % 2 == 1);
        }
        TokenBlocks prompt = fleet.prompt();
        for (WorkerId worker : fleet.holders()) {
            var events = fleet.stored(worker, prompt);
            events.forEach(it -> index.apply(worker, it));
            held.add(new Held(worker, events));
        }
        removeDownTo(PROMPTS_HELD);
    }

    private void removeDownTo(int prompts) {
        while (held.size() > prompts) {
            Held oldest = held.poll();
            for (Stored event : oldest.events.reversed()) {
                var names = event.blocks().reversed().stream().map(it -> it.sequenceHash());
                index.apply(oldest.worker, new Removed(names.toList()));
            }
        }
    }

    private static double slope(List<double[]> samples) {
        double x = samples.stream().mapToDouble(it -> it[0]).average().orElse(0);
        double y = samples.stream().mapToDouble(it -> it[1]).average().orElse(0);
        double products = samples.stream().mapToDouble(it -> (it[0] - x) * (it[1] - y)).sum();
        double squares = samples.stream().mapToDouble(it -> (it[0] - x) * (it[0] - x)).sum();
        return products / squares;
    }

    private static long liveHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private record Held(WorkerId worker, List<Stored> events) {}
}
