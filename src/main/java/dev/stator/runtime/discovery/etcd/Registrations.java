package dev.stator.runtime.discovery.etcd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What this process announces, and the lease it announces it under. Used by one thread.
final class Registrations {
    private final Duration leaseTtl;
    private final List<Registration> all = new ArrayList<>();
    private final Set<Long> leases = new HashSet<>();
    private long lease;

    Registrations(Duration leaseTtl) {
        this.leaseTtl = leaseTtl;
    }

    /// The lease of the moment.
    long lease() {
        return lease;
    }

    /// Notes an instance to be written; returns false when this process announces it already.
    boolean add(Registration registration) {
        boolean isNew =
                all.stream()
                        .noneMatch(it -> !it.isWithdrawn() && it.key().equals(registration.key()));
        if (isNew) {
            all.add(registration);
        }
        return isNew;
    }

    /// Forgets what could not be written because it is somebody else's.
    void drop(Registration contested) {
        all.remove(contested);
    }

    /// Keeps the lease; takes another one when there is none or etcd does not know it any more.
    void keepLease(EtcdSession session) throws EtcdFailure {
        if (lease != 0) {
            try {
                session.keepAlive(lease);
                return;
            } catch (EtcdFailure e) {
                if (!e.isLeaseLost()) {
                    throw e;
                }
            }
        }
        lease = session.grant(leaseTtl);
        leases.add(lease);
    }

    /// Makes etcd say what it should about every instance, in the order of their coming.
    void write(EtcdSession session) throws EtcdFailure {
        for (Registration it : all) {
            it.write(session, lease, leases);
        }
        all.removeIf(Registration::isOver);
    }

    /// Takes everything back, and gives up the lease.
    void withdrawAll(EtcdSession session) throws EtcdFailure {
        all.forEach(Registration::withdraw);
        write(session);
        session.revoke(lease);
    }
}
