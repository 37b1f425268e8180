package dev.stator.kv.index.packed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.Overlaps;
import dev.stator.kv.index.PrefixFleet;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// Readers look up while one thread stores, drops, clears and lets chains branch and join.
class PackedPrefixIndexStressTest {
    private static final int WORKERS = 70;
    private static final int CHANGES = 12_000;
    private static final WorkerId KEEPER = new WorkerId(1_000);
    private static final WorkerId STRANGER = new WorkerId(1_001);

    private final PackedPrefixIndex index = new PackedPrefixIndex();
    private final List<TokenBlocks> kept = new ArrayList<>();
    private final List<TokenBlocks> churned = new ArrayList<>();
    private final AtomicBoolean isDone = new AtomicBoolean();

    @Test
    void lookupsSeeWhatStaysAndNeverWhatIsNotHeld() throws Exception {
        run(new PrefixFleet(5, WORKERS, false));
    }

    @Test
    void lookupsSeeWhatStaysUnderForeignNames() throws Exception {
        run(new PrefixFleet(6, WORKERS, true));
    }

    private void run(PrefixFleet fleet) throws InterruptedException, ExecutionException {
        for (int i = 0; i < 40; i++) {
            TokenBlocks prompt = fleet.prompt();
            (i % 2 == 0 ? kept : churned).add(prompt);
        }
        for (TokenBlocks prompt : kept) {
            fleet.stored(KEEPER, prompt).forEach(it -> index.apply(KEEPER, it));
        }
        List<Future<?>> readers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 2; i++) {
                int seed = i;
                readers.add(threads.submit(() -> read(new SplittableRandom(seed))));
            }
            try {
                change(fleet, new SplittableRandom(7));
            } finally {
                isDone.set(true);
            }
        }
        for (Future<?> reader : readers) {
            reader.get();
        }
        PackedIndexCheck.check(index);
    }

    /// What the keeper holds is always there, and nothing is ever the stranger's. A worker that
    /// holds a prompt holds it without a gap, so it never has less than the part that all share.
    private void read(SplittableRandom random) {
        long lookups = 0;
        while (!isDone.get() || lookups < 1_000) {
            TokenBlocks prompt = kept.get(random.nextInt(kept.size()));
            Overlaps overlaps = index.match(prompt);
            assertThat(overlaps.blocks(KEEPER)).isEqualTo(prompt.count());
            assertThat(overlaps.blocks(STRANGER)).isZero();
            TokenBlocks other = churned.get(random.nextInt(churned.size()));
            assertThat(index.match(other).blocks(KEEPER)).isLessThan(prompt.count());
            lookups++;
        }
    }

    private void change(PrefixFleet fleet, SplittableRandom random) {
        for (int i = 0; i < CHANGES; i++) {
            var worker = new WorkerId(random.nextInt(WORKERS));
            TokenBlocks prompt = churned.get(random.nextInt(churned.size()));
            switch (random.nextInt(20)) {
                case 0 -> index.apply(worker, new Cleared());
                case 1 -> index.remove(worker);
                case 2, 3, 4, 5, 6, 7, 8 ->
                        fleet.removed(worker, prompt).forEach(it -> index.apply(worker, it));
                case 9, 10 -> {
                    TokenBlocks shared = kept.get(random.nextInt(kept.size()));
                    fleet.stored(worker, shared).forEach(it -> index.apply(worker, it));
                }
                default -> fleet.stored(worker, prompt).forEach(it -> index.apply(worker, it));
            }
            if (i % 1_000 == 0) {
                PackedIndexCheck.check(index);
            }
        }
    }
}
