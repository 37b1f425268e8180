package dev.stator.runtime.discovery.etcd;

import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.InstanceTable;
import dev.stator.runtime.discovery.KnownInstances;
import dev.stator.runtime.discovery.etcd.EtcdSession.Event;
import dev.stator.runtime.discovery.etcd.EtcdSession.Listing;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The store as it was last seen: a list, and the changes since. Thread-safe.
///
/// A fresh list is compared by value, so that whatever was missed before it shows. Changes of an
/// earlier list's watch, and of revisions that are known already, are passed over.
final class EtcdView {
    private final KnownInstances known;
    private final Disappearances disappearances;
    private final InstanceTable table = new InstanceTable(); // the rest is guarded by this
    private long revision;
    private int lists;

    EtcdView(KnownInstances known, Predicate<Instance> isReachable, Duration grace) {
        this.known = known;
        this.disappearances = new Disappearances(known, isReachable, grace, System::nanoTime);
    }

    /// Starts over from a list; returns its number, for the changes that follow it.
    synchronized int replaceAll(Listing listing) {
        show(table.replaceAll(listing.values()), listing.values().isEmpty());
        revision = listing.revision();
        return ++lists;
    }

    /// Follows changes after list number `list`. Those of one revision are seen together.
    synchronized void apply(int list, List<Event> events) {
        if (list != lists) {
            return;
        }
        Set<Instance.Key> touched = new HashSet<>();
        long current = revision;
        for (Event event : events) {
            if (event.revision() > current) {
                show(touched, false);
                touched.clear();
                current = event.revision();
            }
            if (event.revision() > revision) {
                touched.addAll(
                        event.value()
                                .map(value -> table.put(event.key(), value))
                                .orElseGet(() -> table.remove(event.key())));
            }
        }
        show(touched, false);
        revision = current;
    }

    /// Passes over all changes until there is another list.
    synchronized void detach() {
        lists++;
    }

    /// Decides about instances in doubt.
    synchronized void settle() {
        disappearances.settle();
    }

    private void show(Set<Instance.Key> touched, boolean isAll) {
        Set<Instance.Key> gone = new HashSet<>();
        for (Instance.Key key : touched) {
            table.get(key)
                    .ifPresentOrElse(
                            instance -> {
                                disappearances.isThere(key);
                                known.put(instance);
                            },
                            () -> gone.add(key));
        }
        disappearances.left(gone, isAll);
    }
}
