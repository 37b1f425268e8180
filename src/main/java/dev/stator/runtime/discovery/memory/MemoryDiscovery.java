package dev.stator.runtime.discovery.memory;

import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.DiscoveryListener;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.InstanceChange;
import dev.stator.runtime.discovery.InstanceChange.Added;
import dev.stator.runtime.discovery.InstanceChange.Changed;
import dev.stator.runtime.discovery.InstanceChange.Removed;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Discovery for everything that lives in one process.
///
/// Listeners run on the thread that made the change and have all been called when `announce`,
/// `update` and `close` return. One lock keeps changes in order and is held meanwhile.
public final class MemoryDiscovery implements Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryDiscovery.class);

    private final Object lock = new Object();
    private final Map<Key, Instance> instances = new LinkedHashMap<>();
    private final List<MemoryWatch> watches = new ArrayList<>();
    private boolean closed;

    @Override
    public Announcement announce(Instance instance) {
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("discovery is closed");
            }
            if (instances.putIfAbsent(Key.of(instance), instance) != null) {
                throw new IllegalStateException("already announced: " + instance);
            }
            report(new Added(instance));
        }
        return new MemoryAnnouncement(Key.of(instance));
    }

    @Override
    public List<Instance> instances() {
        synchronized (lock) {
            return List.copyOf(instances.values());
        }
    }

    @Override
    public Watch watch(DiscoveryListener listener) {
        var watch = new MemoryWatch(listener);
        synchronized (lock) {
            watches.add(watch);
            for (Instance instance : List.copyOf(instances.values())) {
                watch.report(new Added(instance));
            }
        }
        return watch;
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            instances.clear();
            watches.clear();
        }
    }

    private void report(InstanceChange change) {
        for (MemoryWatch watch : List.copyOf(watches)) {
            watch.report(change);
        }
    }

    private record Key(EndpointId endpoint, long instanceId) {
        static Key of(Instance instance) {
            return new Key(instance.endpoint(), instance.instanceId());
        }
    }

    private final class MemoryAnnouncement implements Announcement {
        private final Key key;
        private boolean withdrawn; // guarded by lock

        MemoryAnnouncement(Key key) {
            this.key = key;
        }

        @Override
        public void update(Instance instance) {
            if (!Key.of(instance).equals(key)) {
                throw new IllegalArgumentException(instance + " is not " + key);
            }
            synchronized (lock) {
                if (!withdrawn && !closed && !instance.equals(instances.put(key, instance))) {
                    report(new Changed(instance));
                }
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                Instance gone = withdrawn ? null : instances.remove(key);
                withdrawn = true;
                if (gone != null) {
                    report(new Removed(gone));
                }
            }
        }
    }

    private final class MemoryWatch implements Watch {
        private final DiscoveryListener listener;

        MemoryWatch(DiscoveryListener listener) {
            this.listener = listener;
        }

        void report(InstanceChange change) {
            try {
                listener.onChange(change);
            } catch (RuntimeException e) {
                LOG.error("a discovery listener failed on {}", change, e);
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                watches.remove(this);
            }
        }
    }
}
