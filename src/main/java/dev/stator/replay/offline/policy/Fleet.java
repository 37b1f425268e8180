package dev.stator.replay.offline.policy;

import dev.stator.replay.offline.worker.PrefillTime;
import dev.stator.replay.offline.worker.SimulatedWorker;

import java.util.List;

/// What is truly so at the simulated workers; the production router never sees it.
///
/// @param workers as they are
/// @param loads of each worker
/// @param time that they need; of no meaning when they need none
/// @param balanceSlackBlocks that a worker may be ahead of the others
public record Fleet(
        List<SimulatedWorker> workers,
        List<TrueLoad> loads,
        PrefillTime time,
        long balanceSlackBlocks) {
    public Fleet {
        workers = List.copyOf(workers);
        loads = List.copyOf(loads);
    }

    int size() {
        return workers.size();
    }

    /// What one worker has done and has to do.
    public static final class TrueLoad {
        private static final double NANOS_PER_SECOND = 1e9;

        private long workBlocks;
        private int requests;
        private long blocks;
        private double freeAtSeconds; // by the estimates made when its prompts came

        /// It began a prompt of which so many blocks were not cached.
        public void begun(long uncachedBlocks) {
            workBlocks += uncachedBlocks;
        }

        long workBlocks() {
            return workBlocks;
        }

        int outstandingRequests() {
            return requests;
        }

        long outstandingBlocks() {
            return blocks;
        }

        /// Until it would be free.
        double queueSeconds(long nowNanos) {
            return Math.max(0, freeAtSeconds - nowNanos / NANOS_PER_SECOND);
        }

        /// A prompt comes, or leaves by the opposite signs.
        void outstanding(int moreRequests, long moreBlocks) {
            requests += moreRequests;
            blocks += moreBlocks;
        }

        /// A prompt comes that is estimated to take so long.
        void plan(long nowNanos, double seconds) {
            freeAtSeconds = Math.max(freeAtSeconds, nowNanos / NANOS_PER_SECOND) + seconds;
        }
    }
}
