package dev.stator.runtime.discovery;

import dev.stator.runtime.discovery.Discovery.Watch;
import dev.stator.runtime.discovery.InstanceChange.Added;
import dev.stator.runtime.discovery.InstanceChange.Changed;
import dev.stator.runtime.discovery.InstanceChange.Removed;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The instances that a discovery shows, and those who watch them. Thread-safe.
///
/// Listeners run on the thread that makes the change and have been called when it returns. One
/// lock keeps changes in order and is held meanwhile.
public final class KnownInstances {
    private static final Logger LOG = LoggerFactory.getLogger(KnownInstances.class);

    private final Object lock = new Object();
    private final Map<Instance.Key, Instance> instances = new LinkedHashMap<>();
    private final List<ListenerWatch> watches = new ArrayList<>();

    public List<Instance> list() {
        synchronized (lock) {
            return List.copyOf(instances.values());
        }
    }

    public Optional<Instance> get(Instance.Key key) {
        synchronized (lock) {
            return Optional.ofNullable(instances.get(key));
        }
    }

    /// Shows an instance; returns false when it is shown already.
    public boolean add(Instance instance) {
        synchronized (lock) {
            if (instances.putIfAbsent(instance.key(), instance) != null) {
                return false;
            }
            report(new Added(instance));
            return true;
        }
    }

    /// Shows an instance as it is now. Without effect when nothing is different.
    public void put(Instance instance) {
        synchronized (lock) {
            Instance before = instances.put(instance.key(), instance);
            if (before == null) {
                report(new Added(instance));
            } else if (!before.equals(instance)) {
                report(new Changed(instance));
            }
        }
    }

    /// Shows an instance no longer. Without effect when it is not shown.
    public void remove(Instance.Key key) {
        synchronized (lock) {
            Instance gone = instances.remove(key);
            if (gone != null) {
                report(new Removed(gone));
            }
        }
    }

    /// Reports every instance as added, then every change.
    public Watch watch(DiscoveryListener listener) {
        var watch = new ListenerWatch(listener);
        synchronized (lock) {
            watches.add(watch);
            list().forEach(instance -> watch.report(new Added(instance)));
        }
        return watch;
    }

    /// Ends all watches, and shows nothing.
    public void clear() {
        synchronized (lock) {
            watches.clear();
            instances.clear();
        }
    }

    private void report(InstanceChange change) {
        for (ListenerWatch watch : List.copyOf(watches)) {
            watch.report(change);
        }
    }

    private final class ListenerWatch implements Watch {
        private final DiscoveryListener listener;

        ListenerWatch(DiscoveryListener listener) {
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
