package dev.stator.worker;

import dev.stator.engine.wire.ActiveLoad;
import dev.stator.kv.cache.WorkerId;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.Topic;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;

/// Tells routers how many blocks a worker's running sequences hold, whenever that is another number
/// than at the last look. Used by one thread.
public final class LoadPublisher {

    /// Looks after which a number is told again that is the same: routers believe none that is old.
    static final int REPEAT_LOOKS = 3;

    private final Topic<ActiveLoad> topic;
    private final EventPlane events;
    private final Map<WorkerId, IntSupplier> usedBlocks;
    private final Map<WorkerId, Integer> told = new HashMap<>();
    private int looks;

    /// @param usedBlocks of each rank
    public LoadPublisher(
            Topic<ActiveLoad> topic, EventPlane events, Map<WorkerId, IntSupplier> usedBlocks) {
        this.topic = topic;
        this.events = events;
        this.usedBlocks = Map.copyOf(usedBlocks);
        usedBlocks.keySet().forEach(it -> told.put(it, 0));
    }

    /// Looks at every rank; an idle worker says nothing. To be called about once a second.
    public void look() {
        boolean repeats = ++looks % REPEAT_LOOKS == 0;
        usedBlocks.forEach(
                (worker, blocks) -> {
                    int used = blocks.getAsInt();
                    Integer before = told.put(worker, used);
                    boolean isNews = before == null || before != used;
                    if (isNews || (repeats && used > 0)) {
                        events.publish(topic, ActiveLoad.used(worker, used));
                    }
                });
    }
}
