package dev.stator.routing.load;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.load.WorkerActivity.Moment;
import dev.stator.tokens.LongMap;
import dev.stator.tokens.TokenBlocks;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// The workers that run something or did so lately, each with a number, and what of them has
/// changed. Guarded by the `ActiveSequences`.
final class KnownWorkers {
    private static final int NOBODY = 0; // the number of a worker that is not known
    private static final long NEVER = -1;
    private static final long ALWAYS = Long.MAX_VALUE; // what is left to wait changes with time
    private static final long FORGETTING_NANOS = Duration.ofMinutes(1).toNanos();

    private final int stride; // blocks that a remembered one stands for
    private final Map<WorkerId, WorkerActivity> workers = new HashMap<>();
    private final BitSet numbers = new BitSet(); // in use
    private final LongMap<BitSet> byFirstBlock = new LongMap<>(); // who runs what begins with it
    private long[] changedAt = {NEVER}; // by number, in changes
    private long changes;
    private long comings; // of workers, and their goings
    private long forgottenNanos;

    KnownWorkers(int stride, long nowNanos) {
        this.stride = stride;
        this.forgottenNanos = nowNanos;
        numbers.set(NOBODY);
    }

    @Nullable WorkerActivity get(WorkerId id) {
        return workers.get(id);
    }

    Collection<WorkerActivity> all() {
        return workers.values();
    }

    WorkerActivity getOrAdd(WorkerId id, Moment now) {
        WorkerActivity known = workers.get(id);
        if (known != null) {
            return known;
        }
        forget(now);
        var worker = new WorkerActivity(id, numbers.nextClearBit(0), stride, now.nanos());
        numbers.set(worker.number());
        if (worker.number() >= changedAt.length) {
            changedAt = Arrays.copyOf(changedAt, worker.number() * 2);
        }
        workers.put(id, worker);
        comings++;
        return worker;
    }

    /// A charge came or went.
    void changed(Charge charge) {
        changed(charge.worker);
        if (charge.blocks.length > 0) {
            noteFirstBlock(charge.worker, charge.blocks[0]);
        }
    }

    /// Something that a load tells is other than before.
    void changed(WorkerActivity worker) {
        changes++;
        changedAt[worker.number()] = worker.isComputing() ? ALWAYS : changes;
    }

    /// Writes the loads of a roster down, as far as they have changed since it was read.
    ///
    /// @param blocks those of the prompt that would be remembered
    void read(Roster roster, TokenBlocks blocks, long nowNanos) {
        find(roster);
        for (int i = 0; i < roster.found.length; i++) {
            WorkerActivity worker = roster.found[i];
            if (worker != null && changedAt[roster.numbers[i]] > roster.readAt) {
                worker.read(nowNanos, roster.loads, i);
            }
        }
        roster.readAt = changes;
        roster.loads.ask(blocks.count() * stride);
        BitSet sharing = blocks.count() == 0 ? null : byFirstBlock.get(blocks.sequenceHash(0));
        if (sharing != null) {
            share(roster, blocks, sharing);
        }
    }

    private void find(Roster roster) {
        if (roster.comings == comings) {
            return;
        }
        roster.loads.begin(roster.found.length);
        for (int i = 0; i < roster.found.length; i++) {
            WorkerActivity worker = workers.get(roster.workers.get(i));
            roster.found[i] = worker;
            roster.numbers[i] = worker == null ? NOBODY : worker.number();
        }
        roster.comings = comings;
        roster.readAt = NEVER;
    }

    private void share(Roster roster, TokenBlocks blocks, BitSet sharing) {
        int shared = 1;
        for (int i = 0; i < roster.found.length; i++) {
            WorkerActivity worker = roster.found[i];
            if (worker != null && sharing.get(roster.numbers[i])) {
                shared = worker.shared(blocks, shared);
                roster.loads.bookedBlocks[i] = shared * stride;
            }
        }
    }

    private void noteFirstBlock(WorkerActivity worker, long firstBlock) {
        BitSet sharing = byFirstBlock.get(firstBlock);
        if (sharing == null) {
            sharing = new BitSet();
            byFirstBlock.put(firstBlock, sharing);
        }
        sharing.set(worker.number(), worker.uses(firstBlock));
        if (sharing.isEmpty()) {
            byFirstBlock.remove(firstBlock);
        }
    }

    /// Who has run nothing for long is not looked for with every new worker.
    private void forget(Moment now) {
        if (now.nanos() - forgottenNanos >= FORGETTING_NANOS) {
            workers.values().removeIf(it -> it.isForgettable(now));
            numbers.clear();
            numbers.set(NOBODY);
            workers.values().forEach(it -> numbers.set(it.number()));
            forgottenNanos = now.nanos();
        }
    }

    /// Throws `IllegalStateException` on a contradiction.
    void checkInvariants() {
        workers.values().forEach(WorkerActivity::checkInvariants);
        if (numbers.cardinality() != workers.size() + 1) {
            throw new IllegalStateException("numbers %s of %s".formatted(numbers, workers));
        }
    }
}
