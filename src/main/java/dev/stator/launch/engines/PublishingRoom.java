package dev.stator.launch.engines;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.kvevents.KvEventsConfig;
import dev.stator.engine.kvevents.ZmqKvEventPublisher;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.platform.zmq.ZmqThread;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Engines of this process that also publish what their caches do over ZMQ as vLLM does, for
/// whoever follows engines rather than workers. The ranks of the endpoints count the engines.
final class PublishingRoom implements EngineRoom {
    private static final Logger LOG = LoggerFactory.getLogger(PublishingRoom.class);

    private final KvEventsConfig config;
    private final EngineRoom room;
    private final ZmqThread thread = ZmqThread.open("engine-kv-events");
    private final List<ZmqKvEventPublisher> publishers = new CopyOnWriteArrayList<>();

    private PublishingRoom(KvEventsConfig config, EngineRoom room) {
        this.config = config;
        this.room = room;
    }

    /// The room itself when nothing is to be published.
    static EngineRoom of(EngineSetup setup, EngineRoom room) {
        return setup.kvEvents().isEnabled() ? new PublishingRoom(setup.kvEvents(), room) : room;
    }

    @Override
    public EngineInfo info() {
        return room.info();
    }

    @Override
    public void load(Startup startup) {
        room.load(startup);
    }

    @Override
    public OpenedEngine open(String worker, List<? extends KvCacheListener> caches)
            throws IOException, InterruptedException {
        var publisher =
                ZmqKvEventPublisher.open(thread, config, publishers.size(), InstantSource.system());
        publishers.add(publisher);
        if (config.endpoint().isBound()) {
            LOG.info("worker {} publishes KV events at {}", worker, publisher.endpoint());
        } else {
            LOG.warn(
                    "worker {} sends KV events to {} if anybody listens there: only endpoints with"
                            + " * or :: are listened at",
                    worker,
                    publisher.endpoint());
        }
        return room.open(worker, List.of(KvCacheListener.both(caches.getFirst(), publisher)));
    }

    @Override
    public void close() {
        room.close();
        publishers.forEach(ZmqKvEventPublisher::close);
        thread.close();
    }
}
