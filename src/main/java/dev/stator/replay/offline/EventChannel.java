package dev.stator.replay.offline;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.replay.offline.worker.Agenda;
import dev.stator.replay.offline.worker.Agenda.Rank;
import dev.stator.replay.offline.worker.BlockCache;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Carries one worker's cache events to the router's index: late, not at all or twice if so asked.
///
/// After a loss the worker repeats what it holds, as it does when a follower finds a gap.
final class EventChannel implements BlockCache.Listener {
    private final WorkerId worker;
    private final PrefixIndex index;
    private final EventDelivery delivery;
    private final Agenda agenda;
    private final RandomGenerator random;
    private final PrefixIndex truth = new PackedPrefixIndex(); // fed only when events may be lost
    private boolean isRepairing;

    EventChannel(
            WorkerId worker,
            PrefixIndex index,
            EventDelivery delivery,
            Agenda agenda,
            RandomGenerator random) {
        this.worker = worker;
        this.index = index;
        this.delivery = delivery;
        this.agenda = agenda;
        this.random = random;
    }

    @Override
    public void stored(TokenBlocks blocks, int from) {
        var stored = new ArrayList<StoredBlock>(blocks.count() - from);
        for (int i = from; i < blocks.count(); i++) {
            stored.add(
                    new StoredBlock(
                            new SequenceHash(blocks.sequenceHash(i)),
                            new BlockHash(blocks.blockHash(i))));
        }
        Optional<SequenceHash> parent =
                from == 0
                        ? Optional.empty()
                        : Optional.of(new SequenceHash(blocks.sequenceHash(from - 1)));
        send(new KvCacheEvent.Stored(parent, stored));
    }

    @Override
    public void removed(long[] sequenceHashes, int count) {
        var removed = new ArrayList<SequenceHash>(count);
        for (int i = 0; i < count; i++) {
            removed.add(new SequenceHash(sequenceHashes[i]));
        }
        send(new KvCacheEvent.Removed(removed));
    }

    private void send(KvCacheEvent event) {
        if (delivery.loss() > 0) {
            truth.apply(worker, event);
            if (random.nextDouble() < delivery.loss()) {
                scheduleRepair();
                return;
            }
        }
        deliver(event);
        if (delivery.duplication() > 0 && random.nextDouble() < delivery.duplication()) {
            deliver(event);
        }
    }

    private void deliver(KvCacheEvent event) {
        if (delivery.delay().isZero()) {
            index.apply(worker, event);
        } else {
            after(delivery.delay().toNanos(), () -> index.apply(worker, event));
        }
    }

    private void scheduleRepair() {
        if (!isRepairing) {
            isRepairing = true;
            after(delivery.repair().toNanos(), this::repair);
        }
    }

    private void repair() {
        isRepairing = false;
        List<KvCacheEvent.Stored> held = truth.dump(worker);
        index.remove(worker);
        held.forEach(it -> index.apply(worker, it));
    }

    private void after(long nanos, Runnable action) {
        agenda.at(agenda.nowNanos() + nanos, Rank.COMPLETION, action);
    }
}
