package dev.stator.worker;

import dev.stator.kv.cache.KvAnswer;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.KvQuery;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.Topic;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Tells the world what one KV cache stores and drops, and answers for it afterwards.
///
/// Events get consecutive numbers. The last `REPLAY_EVENTS_MAX` are kept for receivers that missed
/// some; a ledger of everything held serves those that missed more, or so much that everything is
/// less. One lock keeps number, ledger
/// and publication in step; it is never held across anything that blocks.
public final class KvEventPublisher implements KvCacheListener {

    /// Events that can be replayed, as many as Dynamo keeps.
    public static final int REPLAY_EVENTS_MAX = 1_024;

    /// Blocks of events that are replayed however little is held.
    private static final int REPLAY_BLOCKS_MIN = 4_096;

    private final KvEventSource source;
    private final Topic<WorkerKvEvent> topic;
    private final Optional<EventPlane> events;
    private final Object lock = new Object();
    private final PrefixIndex ledger = new PackedPrefixIndex(); // guarded by lock
    private final @Nullable WorkerKvEvent[] replay =
            new WorkerKvEvent[REPLAY_EVENTS_MAX]; // guarded by lock; at sequence % length
    private long lastSequence; // guarded by lock

    public KvEventPublisher(KvEventSource source, Topic<WorkerKvEvent> topic, EventPlane events) {
        this(source, topic, Optional.of(events));
    }

    private KvEventPublisher(
            KvEventSource source, Topic<WorkerKvEvent> topic, Optional<EventPlane> events) {
        this.source = source;
        this.topic = topic;
        this.events = events;
    }

    /// Publishes nothing, and answers questions all the same.
    public static KvEventPublisher silent(KvEventSource source, Topic<WorkerKvEvent> topic) {
        return new KvEventPublisher(source, topic, Optional.empty());
    }

    public KvEventSource source() {
        return source;
    }

    /// Whether anybody can hear of the events without asking.
    boolean isPublishing() {
        return events.isPresent();
    }

    @Override
    public void onEvent(KvCacheEvent event) {
        synchronized (lock) {
            var numbered = new WorkerKvEvent(source, ++lastSequence, event);
            replay[slot(lastSequence)] = numbered;
            ledger.apply(source.worker(), event);
            events.ifPresent(it -> it.publish(topic, numbered));
        }
    }

    /// The truth, as far as it was asked for.
    public KvAnswer answer(KvQuery query) {
        synchronized (lock) {
            OptionalLong wanted = query.firstSequence();
            if (wanted.isEmpty() || !query.source().equals(source)) {
                return dump();
            }
            long first = wanted.getAsLong();
            if (first > lastSequence + 1) {
                return new KvAnswer.TooNew(source, lastSequence);
            }
            boolean isKept = first >= 1 && first > lastSequence - REPLAY_EVENTS_MAX;
            if (!isKept) {
                return dump();
            }
            List<WorkerKvEvent> missed = replay(first);
            return blocks(missed) > Math.max(REPLAY_BLOCKS_MIN, ledger.size().heldBlocks())
                    ? dump()
                    : new KvAnswer.Events(source, missed, lastSequence);
        }
    }

    private static long blocks(List<WorkerKvEvent> events) {
        return events.stream()
                .mapToLong(
                        it ->
                                switch (it.event()) {
                                    case KvCacheEvent.Stored(_, var blocks, _) -> blocks.size();
                                    case KvCacheEvent.Removed(var blocks, _) -> blocks.size();
                                    case KvCacheEvent.Cleared() -> 0;
                                })
                .sum();
    }

    private KvAnswer dump() {
        return new KvAnswer.TreeDump(source, ledger.dump(source.worker()), lastSequence);
    }

    private List<WorkerKvEvent> replay(long first) {
        var kept = new ArrayList<WorkerKvEvent>();
        for (long sequence = first; sequence <= lastSequence; sequence++) {
            WorkerKvEvent event = replay[slot(sequence)];
            if (event == null) {
                throw new IllegalStateException("event " + sequence + " of " + source + " is gone");
            }
            kept.add(event);
        }
        return kept;
    }

    private static int slot(long sequence) {
        return (int) (sequence % REPLAY_EVENTS_MAX);
    }
}
