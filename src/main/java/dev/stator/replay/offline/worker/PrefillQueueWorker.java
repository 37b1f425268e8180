package dev.stator.replay.offline.worker;

import dev.stator.replay.offline.worker.Agenda.Rank;

import java.util.ArrayDeque;
import java.util.Queue;

/// A prefill server: one prompt after the other, first come first served. There is no decode, so a
/// request ends with its first token.
///
/// What is cached is seen when the prefill begins and kept when it ends.
public final class PrefillQueueWorker implements SimulatedWorker {
    private final int number;
    private final BlockCache cache;
    private final PrefillTime time;
    private final Agenda agenda;
    private final Ledger ledger;
    private final Queue<Job> waiting = new ArrayDeque<>();
    private boolean isBusy;

    public PrefillQueueWorker(
            int number, BlockCache cache, PrefillTime time, Agenda agenda, Ledger ledger) {
        this.number = number;
        this.cache = cache;
        this.time = time;
        this.agenda = agenda;
        this.ledger = ledger;
    }

    @Override
    public void submit(Job job) {
        waiting.add(job);
        if (!isBusy) {
            beginNext();
        }
    }

    @Override
    public int waiting() {
        return waiting.size();
    }

    @Override
    public BlockCache cache() {
        return cache;
    }

    private void beginNext() {
        Job job = waiting.poll();
        isBusy = job != null;
        if (job == null) {
            return;
        }
        job.hit(cache.match(job.blocks()));
        ledger.begun(number, job);
        long nanos = time.nanos(job.request().inputTokens(), job.cachedTokens(job.hitBlocks()));
        ledger.busy(number, nanos);
        agenda.at(agenda.nowNanos() + nanos, Rank.COMPLETION, () -> complete(job));
    }

    private void complete(Job job) {
        cache.touch(job.blocks());
        ledger.firstToken(number, job);
        ledger.ended(number, job);
        beginNext();
    }
}
