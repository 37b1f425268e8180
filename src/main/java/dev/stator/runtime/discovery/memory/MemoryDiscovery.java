package dev.stator.runtime.discovery.memory;

import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.DiscoveryListener;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.KnownInstances;

import java.util.List;

/// Discovery for everything that lives in one process.
///
/// Listeners run on the thread that made the change and have all been called when `announce`,
/// `update` and `close` return. One lock keeps changes in order and is held meanwhile.
public final class MemoryDiscovery implements Discovery {
    private final Object lock = new Object();
    private final KnownInstances known = new KnownInstances();
    private boolean closed; // guarded by lock

    @Override
    public Announcement announce(Instance instance) {
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("discovery is closed");
            }
            if (!known.add(instance)) {
                throw new IllegalStateException("already announced: " + instance);
            }
        }
        return new MemoryAnnouncement(instance.key());
    }

    @Override
    public List<Instance> instances() {
        return known.list();
    }

    @Override
    public Watch watch(DiscoveryListener listener) {
        return known.watch(listener);
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            known.clear();
        }
    }

    private final class MemoryAnnouncement implements Announcement {
        private final Instance.Key key;
        private boolean withdrawn; // guarded by lock

        MemoryAnnouncement(Instance.Key key) {
            this.key = key;
        }

        @Override
        public void update(Instance instance) {
            if (!instance.key().equals(key)) {
                throw new IllegalArgumentException(instance + " is not " + key);
            }
            synchronized (lock) {
                if (!withdrawn && !closed) {
                    known.put(instance);
                }
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                if (!withdrawn) {
                    withdrawn = true;
                    known.remove(key);
                }
            }
        }
    }
}
