package dev.stator.runtime.discovery;

import java.util.List;

/// The set of instances that can be called. Thread-safe.
public interface Discovery extends AutoCloseable {

    /// Makes an instance visible until the announcement is closed or this process ends.
    ///
    /// Throws `IllegalStateException` when the same endpoint and id are announced already.
    Announcement announce(Instance instance);

    /// Everything visible now, in no order.
    List<Instance> instances();

    /// Reports every visible instance as added, then every change, until the watch is closed.
    Watch watch(DiscoveryListener listener);

    /// Withdraws what was announced here and ends all watches. Idempotent.
    @Override
    void close();

    /// A visible instance of this process.
    interface Announcement extends AutoCloseable {

        /// Replaces the instance by one with the same endpoint and id. Without effect after close.
        void update(Instance instance);

        /// Withdraws. Idempotent.
        @Override
        void close();
    }

    /// A running watch.
    interface Watch extends AutoCloseable {

        /// Ends it: a call in progress ends, no other follows. Idempotent.
        @Override
        void close();
    }
}
