package dev.stator.replay.offline;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.replay.offline.EventDelivery.Outage;
import dev.stator.replay.offline.worker.Agenda;
import dev.stator.replay.offline.worker.Agenda.Rank;
import dev.stator.replay.offline.worker.BlockCache;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
        if (delivery.loss() > 0 || delivery.outage().isPresent()) {
            truth.apply(worker, event);
            OptionalLong noticed = lostUntil();
            if (noticed.isPresent()) {
                scheduleRepair(noticed.getAsLong());
                return;
            }
        }
        deliver(event);
        if (delivery.duplication() > 0 && random.nextDouble() < delivery.duplication()) {
            deliver(event);
        }
    }

    /// When it can be noticed that the present event is lost; empty when it is not.
    private OptionalLong lostUntil() {
        long now = agenda.nowNanos();
        Optional<Outage> outage = delivery.outage().filter(it -> it.covers(now));
        if (outage.isPresent()) {
            return OptionalLong.of(outage.get().until().toNanos());
        }
        return delivery.loss() > 0 && random.nextDouble() < delivery.loss()
                ? OptionalLong.of(now)
                : OptionalLong.empty();
    }

    private void deliver(KvCacheEvent event) {
        if (delivery.delay().isZero()) {
            index.apply(worker, event);
        } else {
            long arrival = agenda.nowNanos() + delivery.delay().toNanos();
            agenda.at(arrival, Rank.COMPLETION, () -> index.apply(worker, event));
        }
    }

    private void scheduleRepair(long noticedNanos) {
        if (!isRepairing) {
            isRepairing = true;
            agenda.at(noticedNanos + delivery.repair().toNanos(), Rank.COMPLETION, this::repair);
        }
    }

    private void repair() {
        isRepairing = false;
        List<KvCacheEvent.Stored> held = truth.dump(worker);
        index.remove(worker);
        held.forEach(it -> index.apply(worker, it));
    }
}
