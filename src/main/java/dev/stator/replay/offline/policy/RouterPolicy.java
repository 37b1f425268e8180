package dev.stator.replay.offline.policy;

import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.PrefixMatcher;
import dev.stator.kv.index.learned.ApproximatePrefixIndex;
import dev.stator.kv.index.learned.PredictedPrefixIndex;
import dev.stator.kv.index.learned.Retention;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.replay.offline.worker.Job;
import dev.stator.routing.KvRouter;
import dev.stator.routing.RoutingDecision.Ineligible;
import dev.stator.routing.RoutingDecision.NoWorker;
import dev.stator.routing.RoutingDecision.Overloaded;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.load.Booking;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// The production router as it runs in a frontend: it knows its index and its own bookings.
final class RouterPolicy implements Policy {
    private final KvRouter router;
    private final List<Candidate> candidates;

    RouterPolicy(PolicyChoice.Production choice, Stage stage) {
        PrefixMatcher index =
                choice.predictedTtl()
                        .<PrefixMatcher>map(it -> predicting(stage, it))
                        .orElse(stage.index());
        this.router =
                new KvRouter(
                        choice.config(),
                        index,
                        new SplittableRandom(stage.seed()),
                        stage.agenda()::nowNanos);
        this.candidates =
                IntStream.range(0, stage.fleet().size())
                        .mapToObj(i -> new Candidate(new WorkerId(i), stage.capacityBlocks()))
                        .toList();
    }

    private static PrefixMatcher predicting(Stage stage, Duration ttl) {
        return new PredictedPrefixIndex(
                stage.index(),
                new ApproximatePrefixIndex(
                        new PackedPrefixIndex(),
                        new Retention.TimeToLive(ttl),
                        stage.agenda()::nowNanos));
    }

    @Override
    public Placement place(Job job) {
        var query =
                new RoutingQuery(
                        Integer.toString(job.number()),
                        job.request().inputTokens(),
                        job.blocks(),
                        candidates);
        return switch (router.route(query)) {
            case Routed(var choice, var booking) -> {
                job.follow(new Booked(booking, job));
                yield new Placement.On((int) choice.worker().value());
            }
            case Overloaded _ -> new Placement.Rejected();
            case NoWorker _, Ineligible _ -> new Placement.Failed();
        };
    }

    private record Booked(Booking booking, Job job) implements Job.Follower {
        @Override
        public void prefillCompleted() {
            booking.prefillCompleted(OptionalInt.of(job.cachedTokens(job.hitBlocks())));
        }

        @Override
        public void tokenProduced() {
            booking.tokenProduced();
        }

        @Override
        public void ended() {
            booking.close();
        }
    }
}
