package dev.stator.runtime.discovery;

/// Hears of changes, one at a time, in order.
@FunctionalInterface
public interface DiscoveryListener {

    /// Must not block and must not announce, withdraw or watch.
    void onChange(InstanceChange change);
}
