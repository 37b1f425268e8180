package dev.stator.replay.offline.policy;

import dev.stator.replay.offline.worker.Job;
import dev.stator.tokens.SplitMix64;

import java.util.Locale;

/// Rules of known behaviour, each computed by hand elsewhere: they tell whether the replay is
/// right, and what a router is worth. All but the first two know the true state of the workers.
public enum ReferencePolicy {
    /// One after the other.
    ROUND_ROBIN,
    /// SplitMix64 of the request's number.
    RANDOM_SPLITMIX64,
    /// SplitMix64 of the session's number.
    STICKY_SESSION,
    /// The fewest blocks computed so far.
    LEAST_WORK,
    /// The longest cached prefix, then the least work.
    LONGEST_PREFIX,
    /// The longest cached prefix among those with at most 1.1 times the mean work and some slack.
    BALANCED_PREFIX,
    /// The fewest estimated seconds queued.
    LEAST_QUEUE_TIME,
    /// The fewest requests queued.
    LEAST_REQUESTS,
    /// The fewest estimated seconds queued and of its own.
    CACHE_AWARE_MIN_TTFT,
    /// The fewest blocks of prompts queued and of its own that are not cached.
    BLOCKS_COST;

    /// `round_robin` and so on.
    public String flag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// A policy over these workers.
    public Policy over(Fleet fleet) {
        return new Chooser(this, fleet);
    }

    private static final class Chooser implements Policy {
        private static final double BALANCE = 1.1;

        private final ReferencePolicy rule;
        private final Fleet fleet;
        private final Sessions sessions = new Sessions();

        Chooser(ReferencePolicy rule, Fleet fleet) {
            this.rule = rule;
            this.fleet = fleet;
        }

        @Override
        public Placement place(Job job) {
            int worker = choose(job);
            long blocks = job.blocks().count();
            Fleet.TrueLoad load = fleet.loads().get(worker);
            load.outstanding(1, blocks);
            load.plan(job.arrivalNanos(), seconds(job, cached(job, worker)));
            job.follow(
                    new Job.Follower() {
                        @Override
                        public void prefillCompleted() {
                            load.outstanding(-1, -blocks);
                        }

                        @Override
                        public void tokenProduced() {}

                        @Override
                        public void ended() {}
                    });
            return new Placement.On(worker);
        }

        private int choose(Job job) {
            return switch (rule) {
                case ROUND_ROBIN -> job.number() % fleet.size();
                case RANDOM_SPLITMIX64 -> draw(job.number());
                case STICKY_SESSION -> draw(sessions.number(job));
                case LONGEST_PREFIX -> longestPrefix(job, Double.POSITIVE_INFINITY);
                case BALANCED_PREFIX ->
                        longestPrefix(job, BALANCE * meanWork() + fleet.balanceSlackBlocks());
                case LEAST_WORK,
                        LEAST_QUEUE_TIME,
                        LEAST_REQUESTS,
                        CACHE_AWARE_MIN_TTFT,
                        BLOCKS_COST ->
                        cheapest(job);
            };
        }

        private int draw(long state) {
            return (int)
                    Long.remainderUnsigned(SplitMix64.mix(state + SplitMix64.GAMMA), fleet.size());
        }

        private int cheapest(Job job) {
            int best = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < fleet.size(); i++) {
                double cost = cost(job, i);
                if (cost < least) {
                    least = cost;
                    best = i;
                }
            }
            return best;
        }

        private double cost(Job job, int worker) {
            Fleet.TrueLoad load = fleet.loads().get(worker);
            return switch (rule) {
                case LEAST_QUEUE_TIME -> load.queueSeconds(job.arrivalNanos());
                case LEAST_REQUESTS -> load.outstandingRequests();
                case CACHE_AWARE_MIN_TTFT ->
                        load.queueSeconds(job.arrivalNanos()) + seconds(job, cached(job, worker));
                case BLOCKS_COST ->
                        load.outstandingBlocks()
                                + (double) job.blocks().count()
                                - cached(job, worker);
                default -> load.workBlocks();
            };
        }

        private int longestPrefix(Job job, double workMax) {
            int best = -1;
            int longest = -1;
            for (int i = 0; i < fleet.size(); i++) {
                long work = fleet.loads().get(i).workBlocks();
                if (work > workMax) {
                    continue;
                }
                int cached = cached(job, i);
                if (cached > longest
                        || (cached == longest && work < fleet.loads().get(best).workBlocks())) {
                    longest = cached;
                    best = i;
                }
            }
            return best;
        }

        private double meanWork() {
            return fleet.loads().stream()
                    .mapToLong(Fleet.TrueLoad::workBlocks)
                    .average()
                    .orElseThrow();
        }

        private int cached(Job job, int worker) {
            return fleet.workers().get(worker).cache().match(job.blocks());
        }

        private double seconds(Job job, int cachedBlocks) {
            return fleet.time()
                    .seconds(job.request().inputTokens(), job.cachedTokens(cachedBlocks));
        }
    }
}
