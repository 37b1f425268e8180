package dev.stator.replay.offline.policy;

import dev.stator.replay.offline.worker.Agenda;
import dev.stator.replay.offline.worker.Agenda.Rank;
import dev.stator.replay.offline.worker.BlockCache;
import dev.stator.replay.offline.worker.Job;
import dev.stator.replay.offline.worker.SimulatedWorker;

import java.util.List;

/// Queue and cache use of the workers as last scraped: every 50 ms while there is work, which is
/// what llm-d's endpoint picker does. Between two scrapes requests do not see each other.
final class Gauges implements Job.Follower {
    private static final long PERIOD_NANOS = 50_000_000;

    private final List<SimulatedWorker> workers;
    private final Agenda agenda;
    private final int[] waiting;
    private final double[] used;
    private int underWay;
    private boolean isScraping;

    Gauges(List<SimulatedWorker> workers, Agenda agenda) {
        this.workers = workers;
        this.agenda = agenda;
        this.waiting = new int[workers.size()];
        this.used = new double[workers.size()];
    }

    /// Requests of a worker whose prefill had not begun.
    int waiting(int worker) {
        return waiting[worker];
    }

    /// Part of a worker's cache that running requests used.
    double used(int worker) {
        return used[worker];
    }

    /// There is work until the job has ended.
    void watch(Job job) {
        underWay++;
        job.follow(this);
        if (!isScraping) {
            isScraping = true;
            scrapeLater();
        }
    }

    private void scrapeLater() {
        agenda.at(agenda.nowNanos() + PERIOD_NANOS, Rank.COMPLETION, this::scrape);
    }

    private void scrape() {
        for (int i = 0; i < waiting.length; i++) {
            BlockCache cache = workers.get(i).cache();
            waiting[i] = workers.get(i).waiting();
            used[i] = (double) cache.inUse() / cache.capacityBlocks();
        }
        isScraping = underWay > 0;
        if (isScraping) {
            scrapeLater();
        }
    }

    @Override
    public void prefillCompleted() {}

    @Override
    public void tokenProduced() {}

    @Override
    public void ended() {
        underWay--;
    }
}
