package dev.stator.routing.live;

import dev.stator.engine.wire.ActiveLoad;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.WorkerId;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventSubscriber;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What the workers say they carry, for people to compare with what the router has booked. Nothing
/// is decided by it. Thread-safe.
public final class ReportedLoads implements AutoCloseable {

    /// Workers that are remembered; what others say is not.
    static final int WORKERS_MAX = 4_096;

    private final Map<WorkerId, Long> usedBlocks = new ConcurrentHashMap<>();
    private final EventPlane.Subscription subscription;

    private ReportedLoads(WorkerProtocol protocol, EventPlane events) {
        this.subscription = events.subscribe(protocol.loads(), new Hearing());
    }

    /// Listens from now on.
    public static ReportedLoads open(WorkerProtocol protocol, EventPlane events) {
        return new ReportedLoads(protocol, events);
    }

    /// KV blocks that each worker held when it last spoke, for those that are in `directory`.
    public Map<WorkerId, Long> usedBlocks(WorkerDirectory directory) {
        usedBlocks.keySet().removeIf(it -> directory.worker(it).isEmpty());
        return Map.copyOf(usedBlocks);
    }

    @Override
    public void close() {
        subscription.close();
    }

    private final class Hearing implements EventSubscriber<ActiveLoad> {

        @Override
        public void onEvent(ActiveLoad load) {
            boolean hasRoom =
                    usedBlocks.size() < WORKERS_MAX || usedBlocks.containsKey(load.worker());
            if (hasRoom && load.kvUsedBlocks().isPresent()) {
                usedBlocks.put(load.worker(), load.kvUsedBlocks().getAsLong());
            }
        }

        @Override
        public void onGap(long events) {} // the next word makes it good
    }
}
