package dev.stator.launch.engines;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.batching.StepReport;
import dev.stator.engine.kvevents.ZmqKvEventListener;
import dev.stator.engine.remote.RemoteConfig;
import dev.stator.engine.remote.RemoteEngine;
import dev.stator.engine.remote.RemoteLimits;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.platform.http.client.HttpAddress;
import dev.stator.platform.zmq.ZmqThread;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/// Engines that are running servers. Their KV events are followed where the servers publish them.
final class RemoteEngineRoom implements EngineRoom {
    private final EngineSetup setup;
    private final EngineConfig.Remote engine;
    private final ChatModel model;
    private final List<ZmqKvEventListener> followed = new ArrayList<>();
    private @Nullable ZmqThread thread; // null until events are followed
    private @Nullable EngineInfo info; // null until attached

    RemoteEngineRoom(EngineSetup setup, EngineConfig.Remote engine, ChatModel model) {
        this.setup = setup;
        this.engine = engine;
        this.model = model;
    }

    @Override
    public EngineInfo info() {
        return Objects.requireNonNull(info, "no server is attached to");
    }

    @Override
    public void load(Startup startup) {}

    @Override
    public int ranks() {
        return setup.ranks();
    }

    @Override
    public OpenedEngine open(String worker, List<? extends KvCacheListener> caches)
            throws IOException, InterruptedException {
        RemoteConfig config = config(worker);
        RemoteEngine remote = RemoteEngine.open(config);
        info = remote.info();
        if (setup.kvEvents().isEnabled()) {
            for (int rank = 0; rank < caches.size(); rank++) {
                follow(config.address().host(), rank, caches.get(rank));
            }
        }
        return new OpenedEngine(
                remote,
                List.of(() -> StepReport.running(remote.running())),
                listener -> remote.health().listen(listener));
    }

    @Override
    public void close() {
        followed.forEach(ZmqKvEventListener::close);
        if (thread != null) {
            thread.close();
        }
    }

    private void follow(String host, int rank, KvCacheListener cache) {
        if (thread == null) {
            thread = ZmqThread.open("engine-kv-events");
        }
        var source =
                ZmqKvEventListener.Source.of(setup.kvEvents(), host, rank, setup.pageSizeTokens());
        followed.add(ZmqKvEventListener.open(thread, source, cache));
    }

    private RemoteConfig config(String worker) {
        return new RemoteConfig(
                worker,
                HttpAddress.parse(engine.url()),
                engine.dialect(),
                engine.apiKey(),
                model.tokenizer(),
                setup.ranks(),
                new RemoteConfig.Known(
                        setup.servedModelName(),
                        engine.contextLength(),
                        OptionalInt.of(setup.pageSizeTokens()),
                        engine.kvBlocks(),
                        OptionalInt.empty(),
                        OptionalInt.empty()),
                RemoteLimits.DEFAULT);
    }
}
