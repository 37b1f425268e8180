package dev.stator.kv.index.packed;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.PrefixFleet;
import dev.stator.tokens.TokenBlocks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// Measures what the index takes and how fast events are applied while lookups run, in blocks per
/// second of processor time, which other programs disturb less than the time on the wall.
///
/// Usage: `PrefixIndexLoad [held blocks] [rounds]`
public final class PrefixIndexLoad {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int WORKERS = 256;
    private static final int PROMPTS_PER_ROUND = 4_000;

    private final PackedPrefixIndex index = new PackedPrefixIndex(1L << 30); // as of a 4 GiB heap
    private final PrefixFleet fleet;

    private PrefixIndexLoad(boolean ownNames) {
        this.fleet = new PrefixFleet(1, WORKERS, ownNames);
    }

    public static void main(String[] args) throws InterruptedException {
        long heldBlocks = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
        for (boolean ownNames : new boolean[] {false, true}) {
            System.out.println(ownNames ? "names of the workers' own" : "names by sequence hash");
            new PrefixIndexLoad(ownNames).run(heldBlocks, rounds);
        }
    }

    private void run(long heldBlocks, int rounds) throws InterruptedException {
        List<TokenBlocks> known = fleet.fill(index, heldBlocks);
        long held = index.size().heldBlocks();
        System.out.printf(
                "%,d held blocks, %,d places, %,d chains: arrays %.1f B per held block%n",
                held,
                index.size().places(),
                index.tree().chains.count(),
                (double) index.bytes() / held);
        var lookups = new LongAdder();
        var isDone = new AtomicBoolean();
        Thread reader = Thread.ofPlatform().start(() -> lookUp(known, lookups, isDone));
        for (int i = 0; i < rounds; i++) {
            round(lookups);
        }
        isDone.set(true);
        reader.join();
        long before = usedHeap();
        long heldAtLast = index.size().heldBlocks();
        for (int worker = 0; worker < WORKERS; worker++) {
            index.remove(new WorkerId(worker));
        }
        System.out.printf(
                "all removed: heap %.1f B less per held block, arrays %,d B%n%n",
                (double) (before - usedHeap()) / heldAtLast, index.bytes());
    }

    private void round(LongAdder lookups) {
        List<Map.Entry<WorkerId, KvCacheEvent>> stores = new ArrayList<>();
        List<Map.Entry<WorkerId, KvCacheEvent>> removals = new ArrayList<>();
        for (int i = 0; i < PROMPTS_PER_ROUND; i++) {
            TokenBlocks prompt = fleet.prompt();
            for (WorkerId worker : fleet.holders()) {
                fleet.stored(worker, prompt).forEach(it -> stores.add(Map.entry(worker, it)));
                fleet.removed(worker, prompt).forEach(it -> removals.add(Map.entry(worker, it)));
            }
        }
        long before = lookups.sum();
        double stored = rate(stores, 32);
        long during = lookups.sum() - before;
        double removed = rate(removals, 32);
        System.out.printf(
                "stored %.1f M blocks/s, removed %.1f M blocks/s, %,d lookups meanwhile%n",
                stored, removed, during);
    }

    private double rate(List<Map.Entry<WorkerId, KvCacheEvent>> events, int blocksPerEvent) {
        long start = THREADS.getCurrentThreadCpuTime();
        for (var event : events) {
            index.apply(event.getKey(), event.getValue());
        }
        long nanos = THREADS.getCurrentThreadCpuTime() - start;
        return events.size() * blocksPerEvent * 1e3 / nanos;
    }

    private void lookUp(List<TokenBlocks> known, LongAdder lookups, AtomicBoolean isDone) {
        for (int i = 0; !isDone.get(); i = i + 1 == known.size() ? 0 : i + 1) {
            if (index.match(known.get(i)).workers() > 0) {
                lookups.increment();
            }
        }
    }

    private static long usedHeap() {
        System.gc();
        System.gc(); // the second one sees what the first one made garbage
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
