package dev.stator.replay.offline.worker;

/// Computes everything in no time: each request is done before the next one comes.
public final class InstantWorker implements SimulatedWorker {
    private final int number;
    private final BlockCache cache;
    private final Ledger ledger;

    public InstantWorker(int number, BlockCache cache, Ledger ledger) {
        this.number = number;
        this.cache = cache;
        this.ledger = ledger;
    }

    @Override
    public void submit(Job job) {
        job.hit(cache.match(job.blocks()));
        ledger.begun(number, job);
        cache.touch(job.blocks());
        ledger.firstToken(number, job);
        ledger.ended(number, job);
    }

    @Override
    public int waiting() {
        return 0;
    }

    @Override
    public BlockCache cache() {
        return cache;
    }
}
