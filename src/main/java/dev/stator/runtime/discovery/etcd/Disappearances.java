package dev.stator.runtime.discovery.etcd;

import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.KnownInstances;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// Decides whether instances that left the store are gone. Used by one thread at a time.
///
/// One process is believed to be gone. When more than half of them leave at once, or the store
/// turns out to be empty, the store is the likelier culprit: those instances are doubtful, and are
/// shown until they are unreachable or have not come back in time.
final class Disappearances {
    private static final Logger LOG = LoggerFactory.getLogger(Disappearances.class);

    /// Leases that lapse together are taken from the store over half a second or so.
    static final Duration AT_ONCE = Duration.ofSeconds(1);

    private final KnownInstances known;
    private final Predicate<Instance> isReachable;
    private final Duration grace;
    private final LongSupplier nanoTime;
    private final Map<Instance.Key, Long> doubtful = new HashMap<>(); // to the end of its grace
    private final Deque<Departure> recent = new ArrayDeque<>();

    private record Departure(long instanceId, long atNanos) {}

    Disappearances(
            KnownInstances known,
            Predicate<Instance> isReachable,
            Duration grace,
            LongSupplier nanoTime) {
        this.known = known;
        this.isReachable = isReachable;
        this.grace = grace;
        this.nanoTime = nanoTime;
    }

    /// Hears of instances that are not in the store any more.
    ///
    /// @param isAll whether nothing is left in a store that was read afresh
    void left(Collection<Instance.Key> keys, boolean isAll) {
        long now = nanoTime.getAsLong();
        List<Instance.Key> gone =
                keys.stream()
                        .filter(it -> known.get(it).isPresent() && !doubtful.containsKey(it))
                        .toList();
        if (gone.isEmpty()) {
            return;
        }
        if (isAll || areTooMany(gone, now)) {
            LOG.warn("{} left etcd at once, which is not believed for {}", gone, grace);
            gone.forEach(it -> doubtful.put(it, now + grace.toNanos()));
        } else {
            gone.forEach(known::remove);
        }
    }

    /// Hears of an instance that is in the store.
    void isThere(Instance.Key key) {
        doubtful.remove(key);
    }

    /// Gives up those that are unreachable or did not come back in time.
    void settle() {
        long now = nanoTime.getAsLong();
        doubtful.entrySet()
                .removeIf(
                        it -> {
                            boolean isGone =
                                    it.getValue() - now <= 0
                                            || known.get(it.getKey()).filter(isReachable).isEmpty();
                            if (isGone) {
                                LOG.info("{} is gone indeed", it.getKey());
                                known.remove(it.getKey());
                            }
                            return isGone;
                        });
    }

    private boolean areTooMany(List<Instance.Key> gone, long now) {
        recent.removeIf(it -> now - it.atNanos() > AT_ONCE.toNanos());
        gone.forEach(it -> recent.add(new Departure(it.instanceId(), now)));
        Set<Long> departed = new HashSet<>();
        recent.forEach(it -> departed.add(it.instanceId()));
        Set<Long> before = new HashSet<>(departed);
        known.list().forEach(it -> before.add(it.instanceId()));
        return departed.size() >= 2 && departed.size() * 2 > before.size();
    }
}
