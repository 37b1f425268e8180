package dev.stator.launch.fleet;

import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.IndexSize;
import dev.stator.kv.index.PrefixMatcher;
import dev.stator.kv.index.learned.ApproximatePrefixIndex;
import dev.stator.kv.index.learned.PredictedPrefixIndex;
import dev.stator.kv.index.learned.Retention;
import dev.stator.kv.index.learned.Retention.Capacity;
import dev.stator.kv.index.learned.Retention.TimeToLive;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.launch.planes.Planes;
import dev.stator.routing.live.CacheFollowing;
import dev.stator.routing.live.IndexFeed;
import dev.stator.routing.share.AnnouncedHolders;
import dev.stator.runtime.discovery.Instance;

import java.time.Duration;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// What one router knows of its workers' caches, and what keeps that true.
final class KnownCaches implements CacheFollowing, AutoCloseable {
    private final PackedPrefixIndex index;
    private final Optional<IndexFeed> feed;
    private final AnnouncedHolders matcher;

    private KnownCaches(PackedPrefixIndex index, Optional<IndexFeed> feed, PrefixMatcher matcher) {
        this.index = index;
        this.feed = feed;
        this.matcher = new AnnouncedHolders(matcher, System::nanoTime);
    }

    /// @param capacityBlocks of a worker; positive
    static KnownCaches open(
            CacheKnowledge knowledge,
            Planes planes,
            WorkerProtocol protocol,
            ToLongFunction<WorkerId> capacityBlocks) {
        return switch (knowledge) {
            case CacheKnowledge.ByEvents(var ttl, var bytesMax) -> {
                var index = new PackedPrefixIndex(bytesMax);
                IndexFeed feed =
                        IndexFeed.open(protocol, index, planes.events(), planes.requests());
                Optional<PrefixMatcher> predicting = ttl.map(it -> predicting(index, it));
                yield new KnownCaches(index, Optional.of(feed), predicting.orElse(index));
            }
            case CacheKnowledge.ByDecisions(var ttl, var bytesMax) -> {
                var index = new PackedPrefixIndex(bytesMax);
                Retention retention =
                        ttl.<Retention>map(TimeToLive::new)
                                .orElseGet(() -> new Capacity(capacityBlocks));
                yield new KnownCaches(index, Optional.empty(), learned(index, retention));
            }
            case CacheKnowledge.None() -> {
                var index = new PackedPrefixIndex();
                yield new KnownCaches(index, Optional.empty(), index);
            }
        };
    }

    /// What a router asks, and is told what routers decided.
    AnnouncedHolders matcher() {
        return matcher;
    }

    /// Present when the workers' events are heard.
    Optional<IndexFeed> feed() {
        return feed;
    }

    IndexSize size() {
        return index.size();
    }

    /// What the index takes.
    long bytes() {
        return index.bytes();
    }

    /// Blocks that the index had to forget for lack of room.
    long forgottenBlocks() {
        return index.forgottenBlocks();
    }

    @Override
    public void follow(WorkerId worker, long incarnation, Instance answers) {
        feed.ifPresent(it -> it.follow(worker, incarnation, answers));
    }

    @Override
    public void forget(WorkerId worker) {
        feed.ifPresent(it -> it.forget(worker));
        matcher.remove(worker);
    }

    @Override
    public void close() {
        feed.ifPresent(IndexFeed::close);
    }

    private static PredictedPrefixIndex predicting(PrefixMatcher known, Duration ttl) {
        return new PredictedPrefixIndex(
                known, learned(new PackedPrefixIndex(), new TimeToLive(ttl)));
    }

    private static ApproximatePrefixIndex learned(PackedPrefixIndex index, Retention retention) {
        return new ApproximatePrefixIndex(index, retention, System::nanoTime);
    }
}
