package dev.stator.launch.fleet;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.IndexSize;
import dev.stator.kv.index.RadixPrefixIndex;
import dev.stator.launch.planes.Planes;
import dev.stator.routing.DecisionLog;
import dev.stator.routing.KvRouter;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.WorkerLoad;
import dev.stator.routing.live.FeedStats;
import dev.stator.routing.live.IndexFeed;
import dev.stator.routing.live.LiveWorker;
import dev.stator.routing.live.RoutedEngine;
import dev.stator.routing.live.WorkerDirectory;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// The workers of one model behind a router of their own.
public final class ModelFleet implements AutoCloseable {
    private final RadixPrefixIndex index = new RadixPrefixIndex();
    private final IndexFeed feed;
    private final WorkerDirectory directory;
    private final KvRouter router;
    private final RoutedEngine engine;

    /// @param protocol where the model's workers are found
    /// @param served the model and the block size; workers of others are left alone
    public ModelFleet(
            Planes planes, WorkerProtocol protocol, EngineInfo served, RouterConfig config) {
        this.feed = IndexFeed.open(protocol, index, planes.events(), planes.requests());
        this.directory = WorkerDirectory.open(planes.discovery(), protocol, served, feed);
        this.router =
                new KvRouter(config, index, new SplittableRandom(new SecureRandom().nextLong()));
        this.engine =
                new RoutedEngine(
                        directory,
                        router,
                        planes.requests(),
                        new DecisionLog(DecisionLog.DECISIONS_MAX),
                        new RoutedEngine.Clocks(InstantSource.system(), System::nanoTime));
    }

    /// All workers as one engine.
    public RoutedEngine engine() {
        return engine;
    }

    public Collection<LiveWorker> workers() {
        return directory.workers();
    }

    /// What the router has booked on each worker.
    public Map<WorkerId, WorkerLoad> loads() {
        return router.active().loads();
    }

    public IndexSize indexSize() {
        return index.size();
    }

    public FeedStats feedStats() {
        return feed.stats();
    }

    /// What is wrong with workers that are there, for the operator.
    public List<String> complaints() {
        return directory.complaints();
    }

    /// Asks the workers for what the index may have missed; to be called about once a second.
    void audit() {
        feed.audit();
    }

    @Override
    public void close() {
        engine.close();
        directory.close();
        feed.close();
    }
}
